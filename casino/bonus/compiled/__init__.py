"""Configurations as one generated Python function, and the trace of what it did."""
