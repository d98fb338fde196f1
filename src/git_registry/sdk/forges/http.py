"""JSON over HTTP, to one host: no redirect is followed, since whoever answers it would see the token."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import IO, Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from git_registry.sdk.forges.request import Unopened

_SECONDS = 20
_LARGEST = 1 << 22
_LONGEST = 200
_FINE, _ELSEWHERE, _FAILED = 200, 300, 400


class Answer(NamedTuple):
    """What a forge answered: its status, and the JSON value."""

    status: int
    value: Any


class _Staying(HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """A forge's API.

    Attributes:
        top: what all its URLs begin with.
        headers: sent with every call; they hold the token, and are shown nowhere.
    """

    top: str
    headers: dict[str, str] = field(repr=False)

    def call(self, method: str, path: str, payload: object = None, *, taken: tuple[int, ...] = ()) -> Answer:
        """Call, and return what was answered.

        Args:
            method: `GET`, `POST`, `PATCH`, `PUT`.
            path: after `top`, with its query.
            payload: what is sent, as JSON; None for nothing.
            taken: statuses that would mean failure, and are answers here.

        Raises:
            Unopened: it can't be reached, redirects, refuses, or talks no JSON.
        """
        data = None if payload is None else json.dumps(payload).encode()
        headers = {"Accept": "application/json", "User-Agent": "git-registry", **self.headers}
        if data is not None:
            headers["Content-Type"] = "application/json"
        asked = Request(self.top + path, data=data, headers=headers, method=method)  # noqa: S310
        try:
            status, body = _answered(asked)
        except (OSError, HTTPException) as failure:
            raise Unopened(f"{asked.host} can't be reached: {failure}") from None
        except ValueError:  # whose text would show the token
            raise Unopened(f"{asked.host} can't be asked with the token that is set") from None
        value = _decoded(body)
        if status >= _FAILED and status not in taken:
            raise Unopened(f"{asked.host} answered {status}{_why(value)}")
        if not _FINE <= status < _ELSEWHERE and status not in taken:
            raise Unopened(f"{asked.host} sends us elsewhere ({status}), and nothing is sent there")
        if value is None:
            raise Unopened(f"{asked.host} answered {status} with something that is no JSON")
        return Answer(status, value)


def _answered(asked: Request) -> tuple[int, bytes]:
    try:
        with build_opener(_Staying).open(asked, timeout=_SECONDS) as answer:
            return answer.status, _read(answer)
    except HTTPError as answer:
        with answer:
            return answer.code, _read(answer)


def _read(answer: IO[bytes]) -> bytes:
    body = answer.read(_LARGEST + 1)
    if len(body) > _LARGEST:
        raise Unopened("the forge answered more than it has to say")
    return body


def _decoded(body: bytes) -> Any:  # noqa: ANN401 - whatever a forge sends
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _why(value: object) -> str:
    """Return what a forge says of a failure: all have a `message`, a text or a list."""
    said = value.get("message") if isinstance(value, dict) else None
    text = "; ".join(one for one in said if isinstance(one, str)) if isinstance(said, list) else said
    return f": {text[:_LONGEST]}" if isinstance(text, str) and text else ""
