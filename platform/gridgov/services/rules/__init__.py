"""What a file of the catalogue may say, how two differ, and what of a visit is allowed."""
