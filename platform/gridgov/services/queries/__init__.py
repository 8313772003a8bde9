"""The catalogue, what is done for residents, visits, codes, and what others count of them."""
