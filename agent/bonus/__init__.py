"""What authors and staff do with bonus configurations, opened on files, stores and tables."""
