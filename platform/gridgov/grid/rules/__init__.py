"""What is allowed in the tree, and its geometry. Pure: no database, no request."""
