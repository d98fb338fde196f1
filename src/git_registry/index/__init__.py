"""Which, when, where-used: an SQLite file derived from history, and from nothing else (DESIGN §7).

It may be deleted at any time. Whatever it says, Git says too, more slowly.
"""
