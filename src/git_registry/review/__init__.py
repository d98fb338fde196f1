"""What a proposal does, put so that somebody can decide about it. Pure: nothing is read here."""
