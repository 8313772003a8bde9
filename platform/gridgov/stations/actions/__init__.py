"""Keeping working places, their duty roster, and the numbers and notices of their hall."""
