"""Configurations over a whole table of players: SQL text, funnels and expected cost."""
