"""Which code is running: its repository and commit, the script, and the words it was called with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from git_registry.errors import RegistryError
from git_registry.model.documents.manifest import Code
from git_registry.model.uri import has_secret_parameter
from git_registry.repository import remote
from git_registry.repository.repository import Repository

_SECRET = re.compile(
    r"tokens?(?![a-z])|secret|passw|passphrase|credential|bearer|auth|api[-_]?key|(access|private|hf|ssh|account)[-_]?key"
    r"|(^|[-_.])(pass|pwd|pw|pat|key|cert)$",
    re.IGNORECASE,
)
"""In the name of an option, or of what is assigned."""
_TELLING = re.compile(
    r"authorization|bearer\s|[\"']?[\w-]*(token|secret|passw|api[-_]?key)[\w-]*[\"']?\s*[:=]"
    r"|AKIA[0-9A-Z]{12}|gh[pousr]_\w{16}|github_pat_\w|glpat-|hf_\w{16}|sk-\w{16}|xox[abpr]-|eyJ[\w-]{16}",
    re.IGNORECASE,
)
"""In a word of its own: a header, JSON, or what is known to be a secret by its shape."""
_SHORT = ("-p", "-u", "-H", "--header", "--user")
"""Options that take a password or a header with many tools."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_HIDDEN = "***"
MOST_ARGUMENTS = 100
LONGEST_ARGUMENT = 1_000


def provenance(argv: Sequence[str], directory: Path) -> Code | None:
    """Return what is known of the code that runs; None if that is nothing.

    What looks like a secret among its arguments is left out, and so is the environment.

    Args:
        argv: the process's words, the script first.
        directory: where it runs.
    """
    script = _script(argv, directory)
    arguments = tuple(_shown(argv[1:]))
    try:
        repository = Repository.open(script.parent if script else directory)
    except RegistryError:
        repository = None
    if repository is None or repository.work_tree is None:
        return Code(path=script.name if script else None, args=arguments) if script or arguments else None
    commit = repository.head().commit
    return Code(
        repository=_url(repository) if commit else None,
        commit=commit,
        dirty=bool(commit) and _is_dirty(repository),
        path=_relative(script, repository.work_tree) if script else None,
        args=arguments,
    )


def _script(argv: Sequence[str], directory: Path) -> Path | None:
    """Return the file that runs; there is none at a prompt or in a notebook."""
    named = argv[0] if argv else ""
    path = directory / named
    return path if named and path.is_file() else None


def _relative(script: Path, top: Path) -> str:
    path = script.resolve()
    inside = path.is_relative_to(top.resolve())
    return _printable(path.relative_to(top.resolve()).as_posix() if inside else path.name)


def _is_dirty(repository: Repository) -> bool:
    changed = repository.git("status", "--porcelain", "--untracked-files=no", "--ignore-submodules=dirty")
    return bool(changed.text)


def _url(repository: Repository) -> str | None:
    known = remote.remotes(repository)
    if not known:
        return None
    url = repository.config(f"remote.{'origin' if 'origin' in known else known[0]}.url")
    return _without_secrets(url) if url else None


def _shown(arguments: Sequence[str]) -> Iterator[str]:
    hides_next = False
    for argument in arguments[:MOST_ARGUMENTS]:
        name, assigned, _ = argument.partition("=")
        is_option = argument.startswith("-")
        is_secret = bool(_SECRET.search(name.partition(":")[0])) and bool(assigned or is_option)
        if hides_next:
            yield _HIDDEN
        elif is_secret and assigned:
            yield f"{_printable(name)}={_HIDDEN}"
        elif _TELLING.search(argument) or (is_secret and ":" in argument):
            yield _HIDDEN
        else:
            yield _printable(_without_secrets(argument))[:LONGEST_ARGUMENT]
        hides_next = not hides_next and not assigned and (is_secret or argument in _SHORT)
    if len(arguments) > MOST_ARGUMENTS:
        yield f"… {len(arguments) - MOST_ARGUMENTS} more"


def _without_secrets(text: str) -> str:
    text = remote.without_credentials(text)
    return text.partition("?")[0] if has_secret_parameter(text) else text


def _printable(text: str) -> str:
    plain = text.encode("utf-8", "backslashreplace").decode()
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), plain)
