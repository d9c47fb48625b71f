"""The business, pure: no I/O, no clock, no randomness, no model. Read this first."""
