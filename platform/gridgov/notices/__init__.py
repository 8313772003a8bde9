"""The bell: what a person is told, kept until read, and sent live to an open page."""
