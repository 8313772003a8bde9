"""Changing the catalogue, doing an item for a resident, booking and making visits, codes."""
