"""What was made from what, over registries and projects."""
