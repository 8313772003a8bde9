"""The pages of standards: all places at once, and one place item by item."""
