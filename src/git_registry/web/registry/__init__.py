"""What the page of a registry is made of: its collections, who may do what, and what follows by itself."""
