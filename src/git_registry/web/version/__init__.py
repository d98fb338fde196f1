"""What the page of a version shows besides its documents as they are: one module each for a tab."""
