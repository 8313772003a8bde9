"""Pages of staff: the catalogue, what is done for residents, visits, printed codes."""
