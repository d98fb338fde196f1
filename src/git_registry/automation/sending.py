"""Sending one delivery, once: here alone the secrets come in, and nothing that is answered takes them out."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPException, RemoteDisconnected
from urllib.parse import quote_plus

from git_registry.automation.answered import Answered
from git_registry.automation.guard import Resolve, checked, connect, resolved
from git_registry.automation.outgoing import Outgoing
from git_registry.automation.posting import Answer, post, waiting
from git_registry.automation.request import body, headers
from git_registry.automation.running import run
from git_registry.automation.scrubbing import longest, scrubbed
from git_registry.automation.server import Server
from git_registry.automation.signing import as_wandb, named, signed
from git_registry.automation.target import Target
from git_registry.automation.unsent import Unsent

SECONDS = 15.0
"""How long a request may take, from looking up a name to the end of the answer."""

MOST = 2_048
"""Characters of an answer that are kept."""

_NO_REQUEST = "it can't be put into a request"
_FINE, _ELSEWHERE, _FAILED = 200, 300, 400


def send(
    outgoing: Outgoing,
    *,
    delivery: str,
    registry: str,
    server: Server,
    now: float,
    seconds: float = SECONDS,
    resolve: Resolve = resolved,
) -> Answered:
    """Send something once, and return what came of it. It raises nothing that a receiver could cause.

    Args:
        outgoing: what is sent.
        delivery: its id, the same for each attempt.
        registry: whose automation it is.
        server: which secrets, commands and networks that may use.
        now: the time, in seconds; it is signed.
        seconds: how long a request may take.
        resolve: says the addresses of a name.
    """
    started = time.monotonic()
    try:
        if outgoing.command:
            answered = _run(outgoing, delivery, registry, server)
        else:
            request = _Request(outgoing, delivery, registry, server, now)
            answered = request.posted(seconds, resolve)
    except Unsent as refusal:
        answered = Answered(problem=refusal.message, refused=True)
    except (OSError, HTTPException) as failure:
        answered = Answered(problem=_words(failure))
    except ValueError:  # whose text may show a secret
        answered = Answered(problem=_NO_REQUEST, hopeless=True)
    return _kept(answered, server, time.monotonic() - started)


def refusal(
    outgoing: Outgoing,
    *,
    delivery: str,
    registry: str,
    server: Server,
    seconds: float = SECONDS,
    resolve: Resolve = resolved,
) -> str:
    """Return why a server would not let something go; empty if it would. Nothing is sent or connected to.

    A name that has no address now is no reason: sending tries again later. Arguments as of `send`.
    """
    try:
        if outgoing.command:
            server.command(outgoing.command, registry=registry)
        else:
            _Request(outgoing, delivery, registry, server, now=0.0).check(seconds, resolve)
    except Unsent as refused:
        return scrubbed(refused.message, server.values, MOST)
    except OSError:
        return ""
    except ValueError:  # whose text may show a secret
        return _NO_REQUEST
    return ""


class _Request:
    """A request with its secrets: each value where it stands, a `Seal`."""

    def __init__(self, outgoing: Outgoing, delivery: str, registry: str, server: Server, now: float) -> None:
        self._outgoing, self._delivery, self._now = outgoing, delivery, now
        self._registry, self._server = registry, server
        secret = outgoing.url_secret
        self._url = server.secret_url(secret, registry=registry) if secret else outgoing.url
        self._target = Target.of(self._url)

    def posted(self, seconds: float, resolve: Resolve) -> Answered:
        until = time.monotonic() + seconds
        content = body(self._outgoing, self)
        said = tuple(headers(self._outgoing, self, content).items())
        with connect(self._target, self._server.networks, seconds, resolve) as wire:
            most = MOST + longest(self._server.values)
            left = until - time.monotonic()
            return _answered(post(self._target, wire, said, content.encode(), left, most), self._now)

    def check(self, seconds: float, resolve: Resolve) -> None:
        """Make it, and look up where it would go."""
        headers(self._outgoing, self, body(self._outgoing, self))
        checked(self._target, self._server.networks, seconds, resolve)

    def field(self, name: str) -> str:
        return quote_plus(self._value(name))

    def signatures(self, outgoing: Outgoing, body: str) -> Iterator[tuple[str, str]]:
        yield from named(self._delivery, self._now).items()
        values = [self._value(name) for name in outgoing.secrets]
        if values:
            yield from signed(values, self._delivery, self._now, body.encode()).items()
        if values and outgoing.wandb_signature:
            yield from as_wandb(values[0], body.encode(), outgoing.wandb_signature).items()

    def _value(self, name: str) -> str:
        return self._server.secret(name, registry=self._registry, url=self._url)

    def token(self, name: str) -> str:
        value = self._value(name)
        if not (value.isascii() and value.isprintable() and " " not in value):
            raise Unsent(f"{name} has letters that no token has")
        return value


def _answered(answer: Answer, now: float) -> Answered:
    return Answered(
        status=answer.status,
        problem=_problem(answer.status),
        retry_after=waiting(answer.retry_after, now),
        body=answer.body,
    )


def _problem(status: int) -> str:
    if _FINE <= status < _ELSEWHERE:
        return ""
    further = ", and redirects are not followed" if _ELSEWHERE <= status < _FAILED else ""
    return f"it answered {status}{further}"


def _run(outgoing: Outgoing, delivery: str, registry: str, server: Server) -> Answered:
    command = server.command(outgoing.command, registry=registry)
    told = {"GIT_REGISTRY_DELIVERY": delivery, "GIT_REGISTRY_REGISTRY": registry}
    most = MOST + longest(server.values)
    ended = run(command, server.directory, outgoing.body.encode(), told, command.seconds, most)
    if ended.code is None:
        return Answered(problem=f"it was ended after {command.seconds:g} seconds", body=ended.output)
    how = f"by signal {-ended.code}" if ended.code < 0 else f"with exit code {ended.code}"
    return Answered(problem=f"it ended {how}" if ended.code else "", body=ended.output)


def _words(failure: Exception) -> str:
    """Return what went wrong, in words of our own: those of a library may hold a secret URL."""
    match failure:
        case TimeoutError():
            return "it did not answer in time"
        case socket.gaierror():
            return "its name has no address"
        case ssl.SSLCertVerificationError():
            return f"its certificate is not trusted: {failure.verify_message}"
        case ssl.SSLError():
            return "it does not speak TLS as we do"
        case RemoteDisconnected():
            return "it closed the connection without an answer"
        case OSError():
            return (failure.strerror or str(failure)).lower()
    return "what it answers is no HTTP"


def _kept(answered: Answered, server: Server, seconds: float) -> Answered:
    """Return an answer as it may be kept and shown: without secrets, and without what a terminal obeys."""
    body = "".join(letter if letter.isprintable() or letter in "\n\t" else "�" for letter in answered.body)
    return replace(
        answered,
        problem=scrubbed(answered.problem, server.values, MOST),
        body=scrubbed(body, server.values, MOST),
        seconds=seconds,
    )
