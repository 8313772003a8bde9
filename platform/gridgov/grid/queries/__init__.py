"""Which nodes, which leaf at a point, which shapes for a map, and what became of them."""
