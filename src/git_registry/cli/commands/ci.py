"""`git registry ci`: github, gitlab and event."""

from __future__ import annotations

from typing import Any

import click

from git_registry.cli.commands.ci_event import event
from git_registry.cli.commands.ci_files import Asked, asking, write
from git_registry.cli.options import verb
from git_registry.cli.session import Session


@click.group("ci")
def command() -> None:
    """Let GitHub or GitLab judge requests and look at pushes, and start pipelines from promotions."""


@verb(
    name="github",
    example="git registry ci github --install git+https://github.com/acme/git-registry@0123456789abcdef\n"
    "git registry ci github --version 1.2.3 --check\n"
    "git registry ci github --version 1.2.3 --automations "
    "--secret REG_WH_DEPLOY=https://deploy.acme.example/,model",
)
@asking
def github(session: Session, **options: Any) -> None:  # noqa: ANN401
    """Write workflows: a check of each pull request, with a comment, and one of each push.

    .github/workflows/registry.yml judges what a request would merge, in a merge queue once more, and what was
    pushed to the default branch. registry-again.yml beside it runs the check again when a review comes.
    Require the check `request` in a ruleset. With --automations a push to the default branch sends what
    follows from it; each --secret is one of the environment `registry`, which the default branch alone should
    use. With --check it ends with exit code 4 if the files that are committed differ; give it the same
    options.
    """
    write(session, Asked(host="github", **options))


@verb(
    name="gitlab",
    example="git registry ci gitlab --install git+https://gitlab.com/acme/git-registry@0123456789abcdef\n"
    "git registry ci gitlab --version 1.2.3 --output registry.yml\n"
    "git registry ci gitlab --version 1.2.3 --output -",
)
@asking
def gitlab(session: Session, **options: Any) -> None:  # noqa: ANN401
    """Write a pipeline: a check of each merge request, with a note, and one of each push.

    .gitlab-ci.yml judges what a request would merge, in a merge train once more, and what was pushed to the
    default branch. It takes the variable REGISTRY_TOKEN, a project access token, which whoever defines a job
    can read: so print it with --output -, keep it in another project, and name that in this one's settings.
    With --automations a push to the default branch sends what follows from it; each --secret is a variable,
    masked and protected. With --check it ends with exit code 4 if the file that is committed differs; give it
    the same options.
    """
    write(session, Asked(host="gitlab", **options))


command.add_command(github)
command.add_command(gitlab)
command.add_command(event)
