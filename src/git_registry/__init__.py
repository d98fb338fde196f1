"""A registry for machine-learning artifacts that lives in Git."""

__version__ = "0.1.0"
