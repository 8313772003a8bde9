"""The switchboard: what 国办函〔2026〕12号 holds off, and on what basis it is on until when."""
