"""The generator that wrote ``tenants/liling``: ``python -m liling.demo.package tenants/liling``.

Names and codes of the county, its towns and streets are real (statistical list of 2023); the five
first-level grids, all villages, grids, numbers, people and boundaries are invented and say so in
their ``synthetic`` column. The same seed writes the same bytes, so a test can compare.
"""
