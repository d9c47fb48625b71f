"""The JSON Schema of ticket files."""
