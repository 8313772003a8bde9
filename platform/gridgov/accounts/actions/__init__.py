"""What accounts can do: come in, go out, change what they come in with."""
