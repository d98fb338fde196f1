"""The command `git registry` for click: a verb's module is imported when the verb is asked for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module

import click

from git_registry.cli.options import json_option
from git_registry.cli.session import Session
from git_registry.errors import RegistryError, UsageError

VERBS = (
    *("init", "clone", "demo", "create", "edit", "delete", "list", "show", "star"),
    *("log", "link", "unlink", "alias", "promote", "tag", "annotate"),
    *("resolve", "download", "verify", "search", "compare", "history", "lineage", "bisect"),
    *("sync", "check", "gc", "mount"),
    *("propose", "proposals", "review", "approve", "request-changes", "merge", "rollback"),
    *("access", "codeowners", "ci", "hooks", "automation"),
    "web",
)
"""Every command, in the order help shows them; each is `command` in the module of its name."""

_COMPLETE = "_GIT_REGISTRY_COMPLETE"
_SENTENCE = 200
"""As long as the first sentence of a command's help may get; click would cut it to what fits one line."""
_WIDEST = 100


class Verbs(click.Group):
    """A group whose commands are modules."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of all commands."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command, or None if there is none of that name."""
        if cmd_name not in VERBS:
            return None
        command = import_module(f"git_registry.cli.commands.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each command does, in a whole sentence."""
        commands = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, one.get_short_help_str(_SENTENCE)) for name, one in commands.items() if one]
            )


def _version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001
    if wanted and not ctx.resilient_parsing:
        ctx.find_object(Session).print_version()  # type: ignore[union-attr]
        ctx.exit()


@click.group(
    cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": _WIDEST}
)
@click.option(
    "-C",
    "directory",
    metavar="PATH|URL",
    help="The clone to work in, or the remote itself. Files are named from where you are.",
)
@json_option
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Say which version it is.",
)
@click.pass_obj
def cli(session: Session, directory: str | None) -> None:
    """A registry for models and data sets that is just Git.

    The clone is the one -C names, else GIT_REGISTRY, else the one around the working directory, else
    `registry.path` in git config. A URL is read as it is there now, and what is written is published at once.
    `git registry COMMAND -h` says more about a command.
    """
    session.directory = directory or session.directory


def invoke(words: Sequence[str], session: Session) -> int:
    """Parse the arguments, run the command, and return its exit code.

    Raises:
        UsageError: the arguments are wrong.
    """
    if _COMPLETE in os.environ:
        # The shell's completion calls the command by its own name; people call it through Git.
        cli.main(list(words), prog_name="git-registry", complete_var=_COMPLETE, obj=session)
    try:
        with cli.make_context("git registry", list(words) or ["--help"], obj=session) as ctx:
            cli.invoke(ctx)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.Abort:
        raise RegistryError("given up; nothing was changed") from None
    except click.ClickException as wrong:
        raise _usage(wrong) from None
    return 0


def _usage(wrong: click.ClickException) -> UsageError:
    ctx = wrong.ctx if isinstance(wrong, click.UsageError) else None
    where = ctx.command_path.removeprefix("git ") if ctx else ""
    message = wrong.format_message().rstrip(".")
    return UsageError(
        message[:1].lower() + message[1:],
        hint=f"`git {where} -h`" if where else "`git registry -h`",
    )
