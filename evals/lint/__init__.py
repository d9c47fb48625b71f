"""Check ticket files without playing them."""
