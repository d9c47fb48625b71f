"""What is remembered of a ticket."""
