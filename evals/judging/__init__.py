"""A model that judges replies, and how far that may be believed."""
