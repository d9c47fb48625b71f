"""AI Procedures as files: parse, mentions, conditionals, bind, lint, format."""
