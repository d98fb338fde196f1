"""`git registry web`."""

from __future__ import annotations

import importlib.util
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from git_registry.cli.options import verb
from git_registry.cli.session import Session
from git_registry.errors import UsageError

if TYPE_CHECKING:
    from git_registry.sdk.surface.workspace import Workspace

_NEEDED = ("starlette", "uvicorn", "jinja2", "markdown_it", "nh3")


@verb(
    example="git registry web\n"
    "git registry web --watch 60\n"
    "git registry web --export public\n"
    "git registry web --export public --json"
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8377, show_default=True, type=click.IntRange(0, 65_535), help="0 for any.")
@click.option("--watch", metavar="SECONDS", type=click.FloatRange(min=1), help="Fetch this often.")
@click.option(
    "--export",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Serve nothing: write the pages there as files, for any web host.",
)
def command(session: Session, host: str, port: int, watch: float | None, folder: Path | None) -> None:
    """Show the organization as pages: look, search, compare, follow lineage, look back.

    The pages change nothing. They are served to this machine alone, at the address that is printed, until
    Ctrl-C. Whoever can reach another --host can read all that this clone holds: there is no login.

    --export writes them into an empty directory, or the one of an earlier export: then only the files that
    are others now are written, those that are no more are removed, and nothing else in it is touched. The
    links are relative, so that the files work below any address of a web host. A page that can't be made
    says why; that is told, and all others are written. Whoever can read the files can read all of it.
    """
    _require_library()
    from git_registry.catalog.catalog import Reach
    from git_registry.sdk.surface.workspace import Workspace

    if folder is not None and watch is not None:
        raise UsageError("an export fetches nothing", where="--watch", hint="`git fetch`, and export again")
    workspace = Workspace(
        path=session.directory,
        reach=Reach.FETCHED,
        environ=os.environ,
        notify=session.output.note,
        trusted=session.trusted,
    )
    workspace.tip()  # or say at once that there is nothing to show
    if folder is not None:
        _export(session, workspace, folder)
    else:
        _serve(session, workspace, host, port, watch or 0.0)


def _serve(session: Session, workspace: Workspace, host: str, port: int, watch: float) -> None:
    from git_registry.sdk.standing import standing
    from git_registry.web.serving import Served, serve

    if watch and not standing(workspace.catalog).upstream:
        raise UsageError(
            "there is no remote to fetch from", where="--watch", hint="`git remote add origin URL`"
        )
    served = Served(host=host, port=port, watch=watch)
    if not served.is_loopback:
        session.output.note(
            f"warning: whoever can reach {host} can read all of this clone; nobody is asked for a name"
        )
    # Once the server has ended, Ctrl-C ends the process, though a page may wait for a store that is silent.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    serve(workspace, served, lambda url: session.output.line(f"Look at {url}"))


def _export(session: Session, workspace: Workspace, folder: Path) -> None:
    from git_registry.cli.answers import exported
    from git_registry.cli.progress import counting
    from git_registry.sdk.standing import standing
    from git_registry.web.export.exporting import export
    from git_registry.wording.standing import notice

    apart = notice(standing(workspace.catalog))
    if apart:
        session.output.note(apart)
    with counting("making pages") as told:
        done = export(workspace, folder, told=told)
    exported.show(session.output, done)


def _require_library() -> None:
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        raise UsageError("what makes pages is not installed", hint="pip install 'git-registry[web]'")
