"""Makers of tenants, nodes, people and cases for tests; each test makes its own."""
