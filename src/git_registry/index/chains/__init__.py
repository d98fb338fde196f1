"""First-parent lines in the tables: where a commit is, and keeping a line up with its branch."""
