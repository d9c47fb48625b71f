"""Implementations of the ports: HTTP clients, SQL stores, and in-memory fakes that ship and obey the same contract."""
