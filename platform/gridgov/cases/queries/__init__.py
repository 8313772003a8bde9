"""Which cases, and what of them: every reader begins with ``seeing.cases_seen_by``."""
