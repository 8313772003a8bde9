"""What every plugin must hold to, whoever wrote it: by reading it, and by trying it."""
