"""What a sheet may change."""
