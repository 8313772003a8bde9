"""Gaps, the card of a unit, and kit."""
