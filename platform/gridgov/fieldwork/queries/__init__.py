"""Which lines, which campaigns, which targets; and what other rooms count."""
