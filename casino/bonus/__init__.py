"""The Bonus Engine: configurations, decisions and what may be said about them."""
