"""Documents in Git: snapshots at a commit, transactions, version numbers, well-formedness, replay."""
