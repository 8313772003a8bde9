"""Forming teams and keeping what they do; calling meetings and keeping what they resolve."""
