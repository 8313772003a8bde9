"""Which days work, as the State Council's notices say, and when offices are open."""
