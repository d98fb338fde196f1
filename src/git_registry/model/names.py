"""What may be called what: registries, collections, aliases, tags, types, principals, ids.

Each rule is a `Rule`: documents use it as a type (`alias: AliasName`), the codec checks it, and the
JSON Schemas carry its pattern, so there is one place where a name is allowed or refused (DESIGN §3.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, NamedTuple

from git_registry.errors import UsageError
from git_registry.model import uri

RESERVED = frozenset({"automations", "versions", "unlinked", "aliases", "runs", "projects"})
"""Directory names the format uses itself."""

_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}"
_PRINCIPAL = r"(user|team|service|github|gitlab|gitea|bitbucket|gerrit):[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}"
_TIMESTAMP = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z"
WINDOWS_DEVICES = {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
# Compiled when they are first needed, which in a short command most are not.
_NUMBERED = r"[vV]\d+"
_CONTROL = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
_URL_WITH_CREDENTIAL = r"^https?://[^/]*@|://[^/]*:.*@"
_LONGEST_TYPE = 128


class Rule(NamedTuple):
    """What a text has to look like.

    Attributes:
        what: what it is, with an example, as an error says it.
        pattern: a regular expression (ECMA-262 and Python alike) every such text matches whole.
        further: what the pattern can't say; returns the problem, or an empty text.
        secret: may a text that breaks it hold a secret? Then no error repeats it.
        hint: what to do about a text that breaks it, or an empty text.
    """

    what: str
    pattern: str
    further: Callable[[str], str] = lambda _text: ""
    secret: bool = False
    hint: Callable[[str], str] = lambda _text: ""

    def problem(self, text: str) -> str:
        """Return why `text` is not allowed, or an empty text."""
        if not re.fullmatch(self.pattern, text):
            return f"expected {self.what}" if self.secret else f"expected {self.what}, found {text!r}"
        return self.further(text)

    def check(self, text: str) -> str:
        """Return `text`.

        Raises:
            UsageError: it breaks the rule.
        """
        problem = self.problem(text)
        if problem:
            raise UsageError(problem, hint=self.hint(text))
        return text


def _name_problem(text: str) -> str:
    if text.partition(".")[0].lower() in WINDOWS_DEVICES:
        return f"{text!r} is a device name on Windows"
    if text.endswith("."):
        return f"{text!r} ends in a dot, which Windows drops"
    if ".." in text:
        return f"{text!r} has two dots in a row"
    if text.lower().endswith((".lock", ".yaml", ".md")):
        return f"{text!r} ends in .lock, .yaml or .md, which Git and the format use themselves"
    return ""


def _place_problem(text: str) -> str:
    if text.lower() in RESERVED:
        return f"{text!r} is reserved: the format uses it itself"
    return _name_problem(text)


def _alias_problem(text: str) -> str:
    if text.lower() == "latest":
        return "'latest' is computed, so it can't be stored as an alias"
    if re.fullmatch(_NUMBERED, text):
        return f"{text!r} looks like a version number, which is computed, so it can't be an alias"
    return _name_problem(text)


def _timestamp_problem(text: str) -> str:
    # In Python, other than in ECMA-262, \d is any script's digit.
    return "" if text.isascii() else f"{text!r} has digits other than 0 to 9"


def _text_problem(text: str) -> str:
    if text.isprintable():  # as nearly all is
        return ""
    found = re.search(_CONTROL, text)
    return f"the control character {found[0]!r} is not allowed" if found else ""


def _uri_problem(text: str) -> str:
    found = uri.problem(text)
    return f"the URI {found}" if found else _text_problem(text)


def _repository_problem(text: str) -> str:
    if re.search(_URL_WITH_CREDENTIAL, text) or uri.has_secret_parameter(text):
        return "the URL carries a credential; Git's own credential helpers keep those"
    return _text_problem(text)


def twins(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each name that differs from an earlier one in case alone, and that one."""
    earlier: dict[str, str] = {}
    for name in names:
        other = earlier.setdefault(name.casefold(), name)
        if other != name:
            yield name, other


NAME = Rule("a name such as churn-xgb (letters, digits, '.', '_', '-')", _NAME, _name_problem)
PLACE = Rule("a name such as churn-xgb (letters, digits, '.', '_', '-')", _NAME, _place_problem)
ALIAS = Rule("an alias such as production (letters, digits, '.', '_', '-')", _NAME, _alias_problem)
TAG = Rule("a tag such as eu or 'needs review'", r"[-\w]+( +[-\w]+)*")
TYPE = Rule("an artifact type such as model", rf"[^/:\x00-\x1f]{{1,{_LONGEST_TYPE}}}", _text_problem)
VERSION_ID = Rule("a version's id (32 hex digits)", r"[0-9a-f]{32}")
PRINCIPAL = Rule("a principal such as user:ana or team:nlp", _PRINCIPAL)
ROLE = Rule("a role: restricted_viewer, viewer, member or admin", "restricted_viewer|viewer|member|admin")
VISIBILITY = Rule("organization or restricted", "organization|restricted")
TIMESTAMP = Rule('a UTC time such as "2026-11-22T20:28:34.123Z"', _TIMESTAMP, _timestamp_problem)
URI = Rule(
    "a URI such as s3://acme-ml/models", r"[A-Za-z][A-Za-z0-9+.-]*://[^\s]*", _uri_problem, secret=True
)
COLLECTION_PATH = Rule("a path such as model/churn", f"{_NAME}/{_NAME}")
REPOSITORY = Rule("a repository's URL", r"[\s\S]*", _repository_problem, secret=True)
CONTENT = Rule("sha256", "sha256")
TEXT = Rule("text", r"[\s\S]*", _text_problem)

Name = Annotated[str, NAME]
Place = Annotated[str, PLACE]
AliasName = Annotated[str, ALIAS]
Tag = Annotated[str, TAG]
TypeName = Annotated[str, TYPE]
VersionId = Annotated[str, VERSION_ID]
Principal = Annotated[str, PRINCIPAL]
Role = Annotated[str, ROLE]
Visibility = Annotated[str, VISIBILITY]
Timestamp = Annotated[str, TIMESTAMP]
Uri = Annotated[str, URI]
CollectionPath = Annotated[str, COLLECTION_PATH]
RepositoryUrl = Annotated[str, REPOSITORY]
ContentAlgorithm = Annotated[str, CONTENT]
Text = Annotated[str, TEXT]
