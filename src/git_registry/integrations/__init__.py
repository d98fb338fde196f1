"""What other programs meet: the file system by which they read the registry as they read a bucket."""
