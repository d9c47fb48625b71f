"""Who decides and talks. Thin: it knows tools by their declarations; only wiring and `bonus` know a casino."""
