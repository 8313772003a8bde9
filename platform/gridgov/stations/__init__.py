"""Working places: address, hours and phone; the hall with its zones, duty roster and numbers."""
