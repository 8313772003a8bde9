"""Teams beside the grid with what they do, and meetings with what they resolve."""
