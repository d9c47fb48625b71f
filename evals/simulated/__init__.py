"""L4: a player who is simulated, to find what nobody has scripted. It never gates."""
