"""Fieldwork on the phone and at the desk: ledgers, opinions, campaigns."""
