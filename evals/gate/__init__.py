"""The gate over runs: what changed, whether it is chance, and whether there is enough to tell."""
