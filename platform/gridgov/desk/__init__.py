"""The first page of each role: what to do next, in order; search over everything; the admin's view."""
