"""The commands, each in a file of its own and loaded when it is called."""
