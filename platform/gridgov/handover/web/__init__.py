"""Hand-overs of one post, and sheets of many."""
