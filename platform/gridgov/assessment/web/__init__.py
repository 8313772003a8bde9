"""Pages of figures, reviews and honours."""
