"""What can be done: settings are changed, and the rules themselves."""
