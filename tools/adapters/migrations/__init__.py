"""The migrations of the configuration store; `env.py` is what Alembic runs, on the connection it is handed."""
