"""What can be known of configurations before any player is looked at."""
