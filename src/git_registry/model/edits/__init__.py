"""The verbs as pure steps: each maps a snapshot to the changes that make the next one.

A step reads the snapshot it is given and nothing else, so a transaction may run it again on a newer
one. It raises what a user should hear when the step makes no sense there.
"""
