"""What hook, check, replay and advice share: a push, or what would be one, held against the rules.

They differ in how they know who asks and what was approved, and in nothing else.
"""
