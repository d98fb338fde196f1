"""The tables, the file they are in, and what can be wrong with it."""
