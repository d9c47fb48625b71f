"""Configurations as files: read, written, compared and planned."""
