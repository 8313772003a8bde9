"""How the year stands, and the records that it is read from."""
