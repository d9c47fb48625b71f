"""Who decides and talks. Thin: it knows tools by their declarations and nothing of casinos."""
