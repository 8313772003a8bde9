"""Which counties there are, and the keys and settings of each."""
