"""The verbs, one module each: what the command line and the Python API both call.

A verb takes the catalog first, returns what it did or found as a value, and prints nothing.
"""
