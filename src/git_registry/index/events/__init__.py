"""What happened, and what held from when to when."""
