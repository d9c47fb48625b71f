"""Tickets as pytest items, once a suite is seen."""
