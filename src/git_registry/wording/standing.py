"""What a person should know of a branch whose commits are not those that others see."""

from __future__ import annotations

from git_registry.sdk.standing import Standing
from git_registry.wording.sizes import counted


def notice(standing: Standing) -> str:
    """Return what is not published, what is not shown, and what brings them together; empty for neither."""
    unpublished = f"{_commits(standing.unpublished, standing.shown)} not published"
    unseen = f"{_commits(standing.unseen, standing.upstream)} not shown"
    if standing.unpublished and standing.unseen:
        return f"{unpublished}, and {unseen}: `git registry sync` brings them together"
    if standing.unpublished:
        return f"{unpublished}: `git registry sync` does that"
    return f"{unseen}: `git registry sync` brings what was published" if standing.unseen else ""


def _commits(count: int, branch: str) -> str:
    return f"{counted(count, 'commit')} on {branch} {'is' if count == 1 else 'are'}"
