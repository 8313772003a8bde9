"""Handing over one post, and many."""
