"""What `hooks/*` run: judged by what the repository itself holds, and as light as a reader."""
