"""What can be done: a case begins in ``reporting`` and moves on through ``performing``."""
