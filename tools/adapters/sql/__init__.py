"""Our own stores over SQL: the record, the ledger, approvals and the rest, on SQLite and PostgreSQL."""
