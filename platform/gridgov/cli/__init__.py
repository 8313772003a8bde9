"""The command ``gridgov``: what an administrator and a developer do from a terminal."""
