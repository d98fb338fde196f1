"""What files say, read once for each blob."""
