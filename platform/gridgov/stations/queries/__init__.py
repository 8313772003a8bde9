"""Which working places there are, who is on duty, and which numbers were taken."""
