"""The board of errands: what somebody waits for."""
