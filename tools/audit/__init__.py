"""The audit log: how it is chained, sealed, signed and verified; pure, but for reading and writing key files."""
