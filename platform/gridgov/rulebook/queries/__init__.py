"""What holds, what held, and what would be left without its declaration."""
