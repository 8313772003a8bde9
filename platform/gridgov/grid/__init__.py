"""The grid tree: levels, nodes, boundaries, re-division, and each node's file (一格一档)."""
