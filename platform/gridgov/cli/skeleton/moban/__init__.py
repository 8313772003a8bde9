"""A county on gridgov."""
