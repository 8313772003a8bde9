"""The pages of what the county runs by."""
