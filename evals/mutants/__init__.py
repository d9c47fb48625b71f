"""Tickets that are played a little wrong: the grading must notice."""
