"""Checklists that places are held to: what each has, with evidence, and who confirmed it."""
