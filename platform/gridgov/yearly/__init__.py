"""A year in the county: what comes round every year, and whether it is done."""
