"""What can be done in the field: writing lines, answering, campaigns."""
