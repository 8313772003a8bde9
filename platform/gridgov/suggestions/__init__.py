"""Complaints about the system itself and their public answers (国办函〔2026〕12号)."""
