"""`git registry web`."""

from __future__ import annotations

import importlib.util
import os

import click

from git_registry.cli.options import verb
from git_registry.cli.session import Session
from git_registry.errors import UsageError

_NEEDED = ("starlette", "uvicorn", "jinja2", "markdown_it", "nh3")


@verb(example="git registry web\ngit registry web --watch 60\ngit registry web --export public")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8377, show_default=True, type=click.IntRange(0, 65_535), help="0 for any.")
@click.option("--watch", metavar="SECONDS", type=click.FloatRange(min=1), help="Fetch this often.")
def command(session: Session, host: str, port: int, watch: float | None) -> None:
    """Show the organization as pages: look, search, compare, follow lineage, look back.

    The pages change nothing. They are served to this machine alone, at the address that is printed, until
    Ctrl-C. Whoever can reach another --host can read all that this clone holds: there is no login.
    """
    _require_library()
    from git_registry.catalog.catalog import Reach
    from git_registry.sdk.surface.workspace import Workspace
    from git_registry.web.serving import Served, serve

    served = Served(host=host, port=port, watch=watch or 0.0)
    output = session.output
    if not served.is_loopback:
        output.note(
            f"warning: whoever can reach {host} can read all of this clone; nobody is asked for a name"
        )
    workspace = Workspace(
        path=session.directory,
        reach=Reach.FETCHED,
        environ=os.environ,
        notify=output.note,
        trusted=session.trusted,
    )
    workspace.tip()  # or say at once that there is nothing to show
    serve(workspace, served, lambda url: output.line(f"Look at {url}"))


def _require_library() -> None:
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        raise UsageError("what makes pages is not installed", hint="pip install 'git-registry[web]'")
