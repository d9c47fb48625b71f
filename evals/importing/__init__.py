"""Ticket files of live tickets: rebuilt from what is on record, played again, without what is personal."""
