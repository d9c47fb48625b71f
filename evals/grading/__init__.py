"""Grading: what a played ticket came to, held against what it expects and against the law that every ticket keeps."""
