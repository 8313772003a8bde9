"""What is allowed, how long it may take, and how it is said. Pure functions."""
