"""Who did what, and who saw whom: entries chained by their hashes, so that a change shows."""
