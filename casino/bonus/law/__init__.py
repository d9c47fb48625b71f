"""What the law of a place says about bonuses: dated, sourced data."""
