"""What is counted, and what is kept of reviews and honours."""
