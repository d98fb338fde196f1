"""What happened, what would, and what may not, in words: the same on a command line as on a page."""
