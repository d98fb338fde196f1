"""From arguments to an exit code: which way a command runs, and how every failure ends."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from git_registry.cli.output import Output
from git_registry.cli.quick import answered
from git_registry.cli.session import Session
from git_registry.errors import RegistryError

TRACEBACK = "GIT_REGISTRY_TRACEBACK"
INTERRUPTED = 130
BROKEN_PIPE = 141
"""As a shell reports SIGINT and SIGPIPE."""


def run(words: Sequence[str], *, directory: str | None = None) -> int:
    """Run one command and return its exit code (DESIGN §9).

    Args:
        words: what stands after `git registry`.
        directory: the clone to use where `-C` names none; by default as `sdk.opening` finds it.
    """
    _speak_anyhow()
    session = Session(output=Output(json=_wants_json(words)), directory=directory)
    try:
        code = 0 if answered(words, session) else _by_click(words, session)
        sys.stdout.flush()
    except RegistryError as error:
        session.output.error(error)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Nobody reads on. What is still buffered must not raise again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except OSError as error:
        session.output.error(_of_the_system(error))
        return RegistryError.exit_code
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        session.output.error(_unexpected(error))
        return RegistryError.exit_code
    return code


def _by_click(words: Sequence[str], session: Session) -> int:
    gc.enable()
    from git_registry.cli.group import invoke

    return invoke(words, session)


def _wants_json(words: Sequence[str]) -> bool:
    """Were errors asked for as JSON? Known before the arguments are, which may be what is wrong."""
    return "--json" in (words[: words.index("--")] if "--" in words else words)


def _of_the_system(error: OSError) -> RegistryError:
    """Say what the operating system refused, and for which file."""
    said = (error.strerror or str(error) or type(error).__name__).lower()
    return RegistryError(said, where=os.fsdecode(error.filename) if error.filename else "")


def _unexpected(error: Exception) -> RegistryError:
    said = " ".join(str(error).split())
    return RegistryError(
        f"unexpected: {type(error).__name__}{': ' if said else ''}{said}",
        hint=f"this is a mistake in git-registry; {TRACEBACK}=1 shows where, for a report",
    )


def _speak_anyhow() -> None:
    """A letter that the terminal's encoding lacks becomes `?`; it never ends a command."""
    # A closed stream is None; what is said to it is said to nobody.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
