"""Which pull or merge request a commit's message names, as the forges write it unless told otherwise.

Or which proposal, as `git registry merge` writes it.
"""

from __future__ import annotations

import re

_SUBJECT = re.compile(
    r"Merge pull request [#!](\d{1,18})\b.*"  # GitHub, and Gitea once
    r"|Merge pull request '.*' \([#!](\d{1,18})\) from .*"  # Gitea, Forgejo
    r"|Merged in .* \(pull request #(\d{1,18})\)"  # Bitbucket's cloud
    r"|Pull request #(\d{1,18}): .*"  # Bitbucket's server
    r"|Merged PR (\d{1,18}): .*"  # Azure
    r"|.*\([#!](\d{1,18})\)",  # squashed on GitHub, Gitea or Forgejo
    re.ASCII,
)
_OURS = re.compile(
    r"Merge ([A-Za-z0-9][^\s:/]*/[^\s:]+): .*\n(?:.*\n)*?Proposed-by: \S+$", re.ASCII | re.MULTILINE
)
_CLOSING = re.compile(r"^See merge request \S*!(\d{1,18})\r?$", re.ASCII | re.MULTILINE)  # GitLab


def proposal(message: str) -> str:
    """Return the number of the pull or merge request that a commit's message names, or an empty text.

    Of a proposal that we merged it is the name, `bob/promote-churn`. What a person says of other requests
    further down is not this one's number.
    """
    found = (
        _OURS.match(message)
        or _SUBJECT.fullmatch(message.partition("\n")[0].rstrip())
        or _CLOSING.search(message)
    )
    return next(filter(None, found.groups()), "") if found else ""
