"""Asking for review where people already do it: a pull or merge request for a proposal, one file a forge.

A proposal is a branch, and is there whether or not a forge takes notice of it. So a tool is used where it is
installed and needed nowhere, and whatever fails here says so and leaves the proposal as it is.
"""
