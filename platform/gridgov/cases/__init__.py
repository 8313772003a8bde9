"""The case engine: whatever must be answered moves here through the states its county declared."""
