"""Recorded tickets, replayed and graded."""
