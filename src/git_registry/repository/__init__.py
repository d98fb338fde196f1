"""Git, and only Git: objects, refs, work trees, history, remotes.

Nothing is imported here, so that reading one file of a tip pays for nothing else: take
`Repository` from `git_registry.repository.repository`, and each other thing from the module
named for it. Reading goes through Git's plumbing; writing through pygit2, imported where first needed.
"""
