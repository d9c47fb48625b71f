"""`croupier bonus`: one file a command."""
