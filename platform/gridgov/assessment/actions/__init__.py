"""Holding a review, appealing what it says, nominating somebody."""
