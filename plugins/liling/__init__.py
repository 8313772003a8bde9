"""Liling (430281): what is special about this county."""
