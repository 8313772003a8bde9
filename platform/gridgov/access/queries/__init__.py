"""Which sign-in, which bindings, which people with their accounts, which resets."""
