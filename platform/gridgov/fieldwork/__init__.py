"""Ledgers of the field (patrols, visits, diary, opinions, hand-outs, talks) and campaigns."""
