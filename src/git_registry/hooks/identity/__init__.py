"""Who pushes, as the host says: one file a kind of host, and `adapters` to choose among them.

The server's admin names the adapter in the repository's git config. None is guessed from the variables that
happen to be set: whoever can set one would choose what they are judged as.
"""
