"""The versions of the core's tables, and how they are reached. Each plugin has a run of its own."""
