"""What the page of a collection is made of: its versions, what was measured, what its aliases pointed at."""
