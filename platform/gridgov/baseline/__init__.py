"""The rules of a county that has none of its own: the core's own plugin, to run or to build on."""
