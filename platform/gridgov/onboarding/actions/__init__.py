"""Carrying out a package, suspending and resuming a tenant."""
