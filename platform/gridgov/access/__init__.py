"""Roles, bindings, casbin: what each person may do, and where."""
