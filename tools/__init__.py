"""All that can be done. One tool, one file: arguments, result, function."""
