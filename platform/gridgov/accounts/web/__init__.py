"""How accounts are shown: the door, and what one keeps in order oneself."""
