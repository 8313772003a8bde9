"""The first page of each role, search over everything, the overview, the admin's view."""
