"""PostgreSQL and Redis out of two wheels, for the demo, development and tests: no root, no ports.

Production hands in addresses instead and never comes here.
"""
