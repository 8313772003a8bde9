"""What is allowed in a review, and what periods there are."""
