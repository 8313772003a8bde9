"""gridgov: the core on which counties run grid-based community service."""
