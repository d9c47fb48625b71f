"""What a person or another system touches: commands, and the back office that ships for demos and tests."""
