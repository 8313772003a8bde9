"""What can be done to the tree: split, merge, rename and move, today or on a day ahead."""
