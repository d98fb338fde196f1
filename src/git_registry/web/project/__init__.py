"""What the page of a project is made of: its runs."""
