"""Which sign-in, which bindings, which people and their accounts, which requests for a new start."""
