"""A repository as others push to it: the hooks it runs, where its host looks for them, and its settings."""
