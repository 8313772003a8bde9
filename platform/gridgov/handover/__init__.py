"""Posts pass from hand to hand: one with all that hangs on it, or hundreds from one sheet."""
