"""One delivery, sent once, to receivers of all kinds."""

from __future__ import annotations

import hmac
import json
import ssl
import subprocess
import time
from base64 import b64encode
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from standardwebhooks.webhooks import Webhook
from tests.automation.receiving import FINE, receiving, says

from git_registry.automation import posting
from git_registry.automation.outgoing import Outgoing
from git_registry.automation.sending import MOST, send
from git_registry.automation.server import Allowed, Bound, Server

NEW, OLD = (f"whsec_{b64encode(bytes([number]) * 24).decode()}" for number in (1, 2))
TOKEN = "ghp_0123456789abcdefghij"  # pragma: allowlist secret
VALUES = {"REG_WH_NEW": NEW, "REG_WH_OLD": OLD, "REG_WH_TOKEN": TOKEN}
LOOPBACK = (ip_network("127.0.0.0/8"),)
HOST = "deploy.internal"
BODY = json.dumps({"alias": "production"})
NOW = 1_795_000_000.0


def inside(_host, _port):
    return ["127.0.0.1"]


def url_of(receiver, path="/hook", scheme="http"):
    return f"{scheme}://{HOST}:{receiver.port}{path}"


def server_of(receiver, scheme="http", values=VALUES, **changed):
    """Return a server whose secrets may all be sent to a receiver, by automations of `model`."""
    bound = Bound(urls=(url_of(receiver, "", scheme),), registries=("model",))
    server = Server(
        directory=Path("/"), secrets=dict.fromkeys(values, bound), networks=LOOPBACK, values=dict(values)
    )
    return replace(server, **changed)


def sent(outgoing, server, **more):
    said = {"delivery": "msg_a", "registry": "model", "now": NOW, "resolve": inside}
    return send(outgoing, server=server, **{**said, **more})


@pytest.fixture(scope="module")
def fine():
    with receiving(says(FINE)) as receiver:
        yield receiver


@pytest.fixture
def asked(fine):
    """Send something to a receiver who takes everything, and return what came."""
    fine.requests.clear()

    def go(now=NOW, **said):
        outgoing = Outgoing(**{"url": url_of(fine), "body": BODY, **said})
        answered = sent(outgoing, server_of(fine), now=now)
        assert (answered.status, answered.problem, answered.refused) == (204, "", False)
        return fine.requests[-1]

    return go


def test_a_request_says_what_is_sent_and_which_delivery_it_is(asked, fine):
    came = asked(headers={"X-GitHub-Api-Version": "2022-11-28"})

    assert came.line == "POST /hook HTTP/1.1"
    assert came.body == BODY.encode()
    assert came.headers == {
        "host": f"{HOST}:{fine.port}",
        "user-agent": "git-registry",
        "content-type": "application/json",
        "content-length": str(len(BODY)),
        "connection": "close",
        "webhook-id": "msg_a",
        "webhook-timestamp": "1795000000",
        "x-github-api-version": "2022-11-28",
    }


def test_it_is_signed_by_both_keys(asked):
    came = asked(now=time.time(), secrets=("REG_WH_NEW", "REG_WH_OLD"))

    for value in (NEW, OLD):
        assert Webhook(value).verify(came.body, came.headers) == {"alias": "production"}


def test_wandbs_signature_stands_beside_ours(asked):
    came = asked(now=time.time(), secrets=("REG_WH_NEW",), wandb_signature="hex")

    assert came.headers["x-wandb-signature"] == hmac.new(NEW.encode(), came.body, "sha256").hexdigest()
    assert Webhook(NEW).verify(came.body, came.headers)


def test_a_token_is_sent_as_a_bearers(asked):
    assert asked(bearer="REG_WH_TOKEN").headers["authorization"] == f"Bearer {TOKEN}"


def test_what_is_said_of_a_request_can_not_take_the_place_of_who_we_are(asked):
    headers = {"WEBHOOK-ID": "msg_b", "authorization": "Basic x", "HOST": "b.example", "Content-length": "1"}

    came = asked(bearer="REG_WH_TOKEN", headers=headers)

    assert came.headers["webhook-id"] == "msg_a"
    assert came.headers["authorization"] == f"Bearer {TOKEN}"
    assert came.headers["host"].startswith(HOST)
    assert came.body == BODY.encode()


def test_a_form_gets_its_token(asked):
    came = asked(form_token="REG_WH_NEW", body="ref=main&variables%5BA%5D=b")

    assert came.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(came.body.decode()) == {"token": [NEW], "ref": ["main"], "variables[A]": ["b"]}


def test_a_url_may_be_a_secret(fine):
    values = {"REG_WH_SLACK": url_of(fine, "/services/T/x9Kq3vLm2PzR8sTw?k=v")}

    answered = sent(Outgoing(url_secret="REG_WH_SLACK", body=BODY), server_of(fine, values=values))

    assert answered.problem == ""
    assert fine.requests[-1].line == "POST /services/T/x9Kq3vLm2PzR8sTw?k=v HTTP/1.1"


@pytest.mark.parametrize(
    ("said", "registry", "why"),
    [
        ({"secrets": ("REG_WH_NEW",)}, "other", "other may not use REG_WH_NEW"),
        ({"secrets": ("REG_WH_NEW", "REG_WH_GONE")}, "model", "no secret REG_WH_GONE"),
        ({"bearer": "REG_WH_NEW", "url": "http://b.internal/hook"}, "model", "may not be sent there"),
        ({"form_token": "REG_WH_NEW", "url": "http://b.internal/hook"}, "model", "may not be sent there"),
        ({"url": "https://127.1/"}, "model", "a number for a host"),
        ({"url": "http://93.184.216.34/"}, "model", "https: alone"),
        ({"url": ""}, "model", "not https:"),
        ({"command": "deploy"}, "model", "no command deploy"),
        ({"headers": {"X": "a\r\nHost: b.example"}}, "model", "can't be put into a request"),
        ({"headers": {"X": "☃"}}, "model", "can't be put into a request"),
        ({"body": "\ud800"}, "model", "can't be put into a request"),
        ({"bearer": "REG_WH_LINE"}, "model", "REG_WH_LINE has letters that no token has"),
    ],
)
def test_what_may_not_be_sent_is_not_tried(fine, said, registry, why):
    fine.requests.clear()
    server = server_of(fine, values={**VALUES, "REG_WH_LINE": "hush hush\r\nX-Y: z"})

    answered = sent(Outgoing(**{"url": url_of(fine), "body": BODY, **said}), server, registry=registry)

    assert answered.refused or answered.hopeless
    assert why in answered.problem
    assert not any(value in answered.problem for value in server.values.values())
    assert [one for one in fine.requests if one] == []


@pytest.mark.parametrize(
    ("answer", "status", "problem", "wait"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nthanks", 200, "", None),
        (b"HTTP/1.1 503 No\r\nRetry-After: 30\r\n\r\n", 503, "it answered 503", 30),
        (b"HTTP/1.1 410 Gone\r\n\r\n", 410, "it answered 410", None),
        (
            b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n",
            302,
            "it answered 302, and redirects are not followed",
            None,
        ),
        (b"", None, "it closed the connection without an answer", None),
        (b"220 mail.example ESMTP\r\n", None, "what it answers is no HTTP", None),
    ],
)
def test_what_came_of_it(answer, status, problem, wait):
    with receiving(says(answer)) as receiver:
        answered = sent(Outgoing(url=url_of(receiver), body=BODY), server_of(receiver))

        assert (answered.status, answered.problem, answered.retry_after) == (status, problem, wait)
        assert not answered.refused
        assert len(receiver.requests) == 1


def test_a_receiver_that_says_nothing_is_given_up():
    with receiving(lambda wire: wire.recv(1)) as receiver:
        answered = sent(Outgoing(url=url_of(receiver), body=BODY), server_of(receiver), seconds=0.1)

    assert answered.problem == "it did not answer in time"
    assert 0.1 <= answered.seconds < 5


def test_nobody_listens():
    with receiving(says(FINE)) as receiver:
        pass

    answered = sent(Outgoing(url=url_of(receiver), body=BODY), server_of(receiver))

    assert (answered.status, answered.problem) == (None, "connection refused")


def test_an_answer_that_repeats_what_it_was_sent_is_kept_without_secrets():
    def echo(wire):
        came = receiver.requests[-1]
        said = f"{came.line} {came.headers} {b64encode(str(came.headers).encode()).decode()} \x1b[31m"
        wire.sendall(f"HTTP/1.1 400 Bad\r\n\r\n{said}".encode())

    with receiving(echo) as receiver:
        server = server_of(receiver)
        outgoing = Outgoing(url=url_of(receiver), body=BODY, secrets=("REG_WH_NEW",), bearer="REG_WH_TOKEN")
        answered = sent(outgoing, server)

    assert "Bearer [REG_WH_TOKEN]" in answered.body
    assert answered.body.count("[REG_WH_TOKEN]") == 2
    assert TOKEN not in answered.body
    assert "\x1b" not in answered.body


def test_an_answer_is_cut_and_so_is_no_secret():
    answer = b"HTTP/1.1 400 Bad\r\n\r\n" + b"x" * (MOST - 5) + TOKEN.encode() + b"y" * 100_000
    with receiving(says(answer)) as receiver:
        answered = sent(Outgoing(url=url_of(receiver), body=BODY), server_of(receiver))

    assert answered.body == "x" * (MOST - 5) + "[REG_WH_TOKEN]"


# TLS


@pytest.fixture(scope="module")
def certified(tmp_path_factory):
    """A certificate for `deploy.internal`, and the context of a server that has it."""
    place = tmp_path_factory.mktemp("tls")
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=x -addext"
    files = ["-keyout", place / "key.pem", "-out", place / "certificate.pem"]
    command = ["openssl", *words.split(), f"subjectAltName=DNS:{HOST}", *files]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place / "certificate.pem", place / "key.pem")
    return place / "certificate.pem", context


@pytest.fixture
def trusted(certified, monkeypatch):
    """Trust that certificate, and return the context of the server that has it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certified[0]))
    yield certified[1]
    posting._trust.cache_clear()


def test_tls_knows_the_receiver_by_the_name_in_the_url(trusted):
    named = []
    trusted.sni_callback = lambda _wire, name, _context: named.append(name)
    with receiving(says(FINE), trusted) as receiver:
        server = server_of(receiver, "https")
        outgoing = Outgoing(url=url_of(receiver, scheme="https"), body=BODY, bearer="REG_WH_TOKEN")
        assert sent(outgoing, server).problem == ""

        elsewhere = outgoing.url.replace(HOST, "other.internal")
        bound = {"REG_WH_TOKEN": Bound(urls=(elsewhere,), registries=("model",))}
        answered = sent(replace(outgoing, url=elsewhere), replace(server, secrets=bound))

    assert answered.problem.startswith("its certificate is not trusted: Hostname mismatch")
    assert named == [HOST, "other.internal"]
    assert [one.headers["authorization"] for one in receiver.requests] == [f"Bearer {TOKEN}"]


def test_a_certificate_that_nobody_we_trust_signed(certified):
    with receiving(says(FINE), certified[1]) as receiver:
        answered = sent(
            Outgoing(url=url_of(receiver, scheme="https"), body=BODY), server_of(receiver, "https")
        )

    assert answered.problem.startswith("its certificate is not trusted: self")
    assert receiver.requests == []


def test_who_does_not_speak_tls(trusted):
    with receiving(says(FINE)) as receiver:
        outgoing = Outgoing(url=url_of(receiver, scheme="https"), body=BODY)
        answered = sent(outgoing, server_of(receiver, "https"), seconds=0.3)

    assert answered.problem
    assert answered.status is None


# Commands


def test_a_command_of_the_servers_reads_the_body(fine, tmp_path):
    command = Allowed(run=("sh", "-c", "cat; echo $GIT_REGISTRY_DELIVERY; pwd"), registries=("model",))
    server = server_of(fine, commands={"deploy": command}, directory=tmp_path)

    answered = sent(Outgoing(command="deploy", body="said\n"), server)

    assert (answered.status, answered.problem, answered.refused) == (None, "", False)
    assert answered.body == f"said\nmsg_a\n{tmp_path}\n"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("exit 3", "it ended with exit code 3"),
        ("kill -15 $$", "it ended by signal 15"),
        ("sleep 9", "it was ended after 0.1 seconds"),
    ],
)
def test_a_command_that_does_not_end_well(fine, tmp_path, line, problem):
    command = Allowed(run=("sh", "-c", line), registries=("model",), seconds=0.1)
    server = server_of(fine, commands={"deploy": command}, directory=tmp_path)

    answered = sent(Outgoing(command="deploy"), server)

    assert (answered.problem, answered.refused) == (problem, False)


def test_a_program_that_is_not_there(fine, tmp_path):
    command = Allowed(run=("no-such-program",), registries=("model",))

    answered = sent(
        Outgoing(command="deploy"), server_of(fine, commands={"deploy": command}, directory=tmp_path)
    )

    assert answered.problem == "no such file or directory"
