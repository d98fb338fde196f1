"""What a registry is, as values: names, selectors, digests, documents, snapshots, events. No I/O."""
