"""What a county runs by and may change itself: its settings."""
