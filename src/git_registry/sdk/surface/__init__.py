"""The shape of W&B's Python API over the verbs: a ported script changes its import."""
