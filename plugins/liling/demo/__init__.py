"""What a demonstration of Liling is filled with: invented, deterministic, marked as such."""
