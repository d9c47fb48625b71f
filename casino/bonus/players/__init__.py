"""Players to try configurations on: described, drawn, or taken from a record."""
