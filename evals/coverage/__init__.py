"""Which steps of the procedures tickets reach."""
