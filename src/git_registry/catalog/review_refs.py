"""Where a repository keeps what is under review: proposals, approvals and objections (DESIGN §5)."""

from __future__ import annotations

APPROVALS = "refs/approvals/"
"""`<user>/<commit>`, at that commit: who approved it."""

OBJECTIONS = "refs/objections/"
"""`<user>/<commit>`, at a commit whose message says what they ask for, on top of that one."""

PROPOSALS = "refs/heads/proposals/"
"""`<user>/<name>`: what waits for review."""

REVIEWED = "refs/registry/reviewed/"
"""`<user>/<name>`: the commit at which a proposal was last reviewed in this clone; never pushed."""

MIRRORED = (f"+{APPROVALS}*:{APPROVALS}*",)
"""Refspecs of what is brought along with what others published: who approved it, for history and advice."""
