"""What pipelines are given: the files that make a host run them, and what a push promoted."""
