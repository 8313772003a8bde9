"""Buildings of a grid on the phone, and what they come to above it."""
