"""All that core and county say to each other: hooks, declarations, facts, and who is asking."""
