"""What a setting can be; how two rulebooks differ, and what stands against a change. Pure."""
