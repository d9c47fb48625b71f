"""The migrations of the stores; `env.py` is what Alembic runs, on the connection it is handed."""
