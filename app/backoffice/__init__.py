"""A real back office over HTTP, with its own database and fault switches. It imports nothing of ours."""
