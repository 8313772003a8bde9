"""Departments, people, and the posts that they hold in the grid."""
