"""Attacks: an order that is planted where a model reads, and a model that obeys it."""
