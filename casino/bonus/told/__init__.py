"""Decisions told to people: explained, phrased, compared."""
