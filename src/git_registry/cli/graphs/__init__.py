"""A lineage graph as text: a tree for a terminal, JSON, DOT, Mermaid; one module each.

Names come from manifests, which anybody may have written: each form quotes them by its own rules.
"""
