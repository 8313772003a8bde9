"""A first light register: buildings of each grid, with counts of dwellings and households."""
