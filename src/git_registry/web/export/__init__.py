"""The pages as files, for any web host: made from what is linked to, written where they differ."""
