"""The files by which GitHub and GitLab judge requests and look at pushes: made, written, compared."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from git_registry import __version__
from git_registry.catalog.catalog import Catalog
from git_registry.errors import Conflict, Refused, UsageError
from git_registry.repository import remote
from git_registry.sdk import generated
from git_registry.sdk.ci.binding import Binding, require_told_apart

PLACES = {"github": ".github/workflows/registry.yml", "gitlab": ".gitlab-ci.yml"}
"""Host → where its file goes; GitHub's second one goes beside it."""

_TEMPLATES = {"github": ("github.yml", "github-again.yml"), "gitlab": ("gitlab.yml",)}
_ANSWERING = {"github": "github-automations.yml", "gitlab": "gitlab-automations.yml"}
"""Host → what comes at the end of its first file where automations are run."""

_MARK = "# Made by `git registry ci "
_NAME = re.compile(r"[A-Za-z0-9._][A-Za-z0-9._/-]*")
_INSTALL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._+:/@=<>!~,\[\]#&?-]*")
_WITH_CREDENTIAL = re.compile("https?://[^/]*@")
_LINES = re.compile("^( *)__([A-Z]+)__\n", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How the files shall be.

    Attributes:
        host: `github` or `gitlab`.
        install: what `pip install` is told; nobody owns our name on a public index, so there is no default.
        output: where the first one goes, from the top of the repository; None for where the host looks.
        automations: does a push to the default branch run them?
        secrets: what those may use.
    """

    host: str
    install: str
    output: str | None = None
    automations: bool = False
    secrets: tuple[Binding, ...] = ()

    @property
    def command(self) -> str:
        """Return the command that writes them, as a shell takes it."""
        output = () if self.output is None else ("--output", self.output)
        automations = ("--automations",) if self.automations else ()
        secrets = (word for one in self.secrets for word in ("--secret", str(one)))
        words = (*("git", "registry", "ci", self.host, "--install", self.install), *output)
        return shlex.join((*words, *automations, *secrets))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A file as it should be.

    Attributes:
        path: where it belongs, from the top of the repository.
        differences: the lines that the file which is committed lacks, `+`, or has besides, `-`.
        is_there: is such a file committed?
    """

    path: str
    text: str
    differences: tuple[str, ...]
    is_there: bool


def made(catalog: Catalog, setup: Setup) -> tuple[Pipeline, ...]:
    """Return the files, for the default branch, and how those that are committed differ.

    Raises:
        UsageError: a name can't stand in them safely, or they would not lie inside of the repository; or
            there are secrets, and nothing to use them, or not to be told apart.
    """
    require_told_apart(setup.secrets)
    if setup.secrets and not setup.automations:
        raise UsageError("only automations use secrets", where="--secret", hint="--automations runs them")
    first = PLACES[setup.host] if setup.output is None else generated.from_top(setup.output)
    words = {
        "MADE_BY": __version__,
        "BRANCH": _named(remote.default_branch(catalog.repository), "the name of the default branch"),
        "INSTALL": _installed(setup.install),
        "WORKFLOW": _named(PurePosixPath(first).name, "the name of the file"),
    }
    texts = [_filled(name, words) for name in _TEMPLATES[setup.host]]
    if setup.automations:
        texts[0] += _with_lines(_filled(_ANSWERING[setup.host], words), _of_secrets(setup.secrets))
    return tuple(_pipeline(catalog, path, text) for path, text in zip((first, _beside(first)), texts))


def write(catalog: Catalog, pipelines: tuple[Pipeline, ...], *, over: bool = False) -> None:
    """Write the files into the work tree, all or none; whoever did commits them.

    Args:
        catalog: the clone.
        pipelines: the files.
        over: also over what somebody else wrote, committed or not.

    Raises:
        Conflict: another file is there.
        UsageError: there is no work tree.
    """
    for one in pipelines:
        place = generated.in_work_tree(catalog, one.path)
        if not over and place.exists() and not generated.begins_with(place, _MARK):
            raise Conflict(
                "somebody else's file is there",
                where=one.path,
                hint="--output PATH writes beside it, for one that it includes; --rewrite writes over it",
            )
    for one in pipelines:
        generated.write(catalog, one.path, one.text)


def require_current(setup: Setup, pipelines: tuple[Pipeline, ...]) -> None:
    """Check that what is committed is what would be written.

    Raises:
        Refused: some of it differs, or is not there.
    """
    differing = [one.path for one in pipelines if one.differences]
    if differing:
        raise Refused(
            "what is committed is not what would be written",
            where=", ".join(differing),
            hint=f"`{setup.command}` writes it; look at it, and commit it",
        )


def _pipeline(catalog: Catalog, path: str, text: str) -> Pipeline:
    there = generated.committed(catalog, path)
    found = tuple(generated.differences(there, text))
    return Pipeline(path=path, text=text, differences=found, is_there=bool(there))


def _beside(first: str) -> str:
    """Return where a second file goes, if there is one."""
    path = PurePosixPath(first)
    return str(path.with_name(f"{path.stem}-again{path.suffix}"))


def _filled(name: str, words: Mapping[str, str]) -> str:
    text = (Path(__file__).parents[2] / "_shipped" / "ci" / name).read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace(f"__{word}__", value)
    return text


def _with_lines(text: str, lines: Mapping[str, Sequence[str]]) -> str:
    """Fill the lines that stand for others, as far to the right as they are."""
    return _LINES.sub(lambda found: "".join(f"{found[1]}{line}\n" for line in lines[found[2]]), text)


def _of_secrets(secrets: Sequence[Binding]) -> Mapping[str, Sequence[str]]:
    names = sorted({one.name for one in secrets})
    given = [f"  {name}: ${{{{ secrets.{name} }}}}" for name in names]
    return {
        "ALLOWED": list(dict.fromkeys(line for one in secrets for line in one.settings)),
        "SECRETS": ["env:", *given] if names else [],
        "HELD": [f"- export -n {' '.join(names)}"] if names else [],
        "GIVEN": [f"export {' '.join(names)}"] if names else [],
    }


def _installed(text: str) -> str:
    if _WITH_CREDENTIAL.search(text):
        raise UsageError(
            "the URL to install from holds a credential, which everybody who may read the file would have",
            hint="an index of yours, or a copy that the pipeline may read without one",
        )
    return _safe(
        _INSTALL, text, "what to install", "a URL, git+https://…@COMMIT, or a name that an index has"
    )


def _named(text: str, what: str) -> str:
    return _safe(_NAME, text, what, "letters, digits and . _ - / alone do")


def _safe(grammar: re.Pattern[str], text: str, what: str, hint: str) -> str:
    """Return a text that means nothing to YAML, to a shell or to a host's own expressions."""
    if not grammar.fullmatch(text):
        raise UsageError(f"{what} can't stand in a pipeline: {text!r}", hint=hint)
    return text
