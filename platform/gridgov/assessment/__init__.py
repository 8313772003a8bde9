"""Figures with their definitions, reviews of the work, and honours. No person gets points here."""
