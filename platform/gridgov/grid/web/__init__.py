"""The pages of the tree: browsing, one node's file, the map, and re-division."""
