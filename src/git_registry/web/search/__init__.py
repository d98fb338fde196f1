"""What a search finds, and what a text names."""
