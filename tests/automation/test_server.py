"""What a server's admin lets automations use."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from git_registry.automation.server import Server
from git_registry.automation.unsent import Unsent
from git_registry.repository.repository import Repository

URL = "https://deploy.acme.example/hook"
HUSH = "hush hush, little secret"

CONFIG = """
[registrySecret "REG_WH_A"]
    url = https://deploy.acme.example/hook
    url = https://other.acme.example
    registry = model
    registry = dataset
[registrySecret "REG_WH_NOBODY"]
    url = https://deploy.acme.example
[registrySecret "REG_WH_NOWHERE"]
    registry = model
[registrySecret "REG_WH_SHORT"]
    url = https://deploy.acme.example
    registry = model
[registrySecret "REG_WH_UNSET"]
    url = https://deploy.acme.example
    registry = model
[registrySecret "REG_WH_WRONG"]
    url = deploy.acme.example
    registry = model
[registrySecret "REG_WH_SLACK"]
    url = https://hooks.slack.example/services
    registry = model
[registryCommand "deploy"]
    run = /opt/deploy --to 'two words' $HOME
    registry = model
    seconds = 5
[registryCommand "Nightly.Run"]
    run = run-it
[registry]
    allowNetwork = 10.20.0.0/16
    allowNetwork = fd00::/8
"""

ENVIRON = {
    **dict.fromkeys(("REG_WH_A", "REG_WH_NOBODY", "REG_WH_NOWHERE", "REG_WH_WRONG", "REG_WH_FREE"), HUSH),
    "REG_WH_SHORT": "1234567",
    "REG_WH_SLACK": "https://hooks.slack.example/services/T/B/hush",
    "AWS_SECRET_ACCESS_KEY": HUSH,
}


@pytest.fixture
def configured(make_repository):
    """Read what a server's admin says in its git config."""
    place = make_repository("server.git", None, "--bare")

    def read(more="", environ=ENVIRON, config=CONFIG):
        with (place / "config").open("a") as file:
            file.write(config + more)
        return Server.read(Repository.open(place), environ)

    return read


@pytest.fixture
def server(configured):
    return configured()


def test_a_secret_goes_to_what_it_is_bound_to(server):
    for url in (URL, f"{URL}/deeper?x", "https://other.acme.example/"):
        for registry in ("model", "dataset"):
            assert server.secret("REG_WH_A", registry=registry, url=url) == HUSH


@pytest.mark.parametrize(
    ("name", "registry", "url", "why"),
    [
        ("REG_WH_A", "other", URL, "other may not use REG_WH_A"),
        ("REG_WH_A", "Model", URL, "Model may not use REG_WH_A"),
        ("REG_WH_A", "", URL, "may not use REG_WH_A"),
        ("REG_WH_NOBODY", "model", URL, "model may not use REG_WH_NOBODY"),
        ("REG_WH_A", "model", "https://deploy.acme.example/hooks", "REG_WH_A may not be sent there"),
        ("REG_WH_A", "model", "https://evil.example/hook", "REG_WH_A may not be sent there"),
        ("REG_WH_A", "model", "http://deploy.acme.example/hook", "REG_WH_A may not be sent there"),
        ("REG_WH_A", "model", f"{URL}/../x", "climbs"),
        ("REG_WH_NOWHERE", "model", URL, "may be sent nowhere: .* sets registrySecret.REG_WH_NOWHERE.url"),
        (
            "REG_WH_FREE",
            "model",
            URL,
            r"no secret REG_WH_FREE: its admin sets registrySecret.REG_WH_FREE.url .*FREE.registry to model",
        ),
        ("AWS_SECRET_ACCESS_KEY", "model", URL, "no secret AWS_SECRET_ACCESS_KEY"),
        ("REG_WH_a", "model", URL, "no secret REG_WH_a"),
        ("REG_WH_UNSET", "model", URL, "REG_WH_UNSET is not set on the server"),
        ("REG_WH_SHORT", "model", URL, "too short"),
        ("REG_WH_WRONG", "model", URL, r"registrySecret.REG_WH_WRONG.url: its URL is not https:"),
    ],
)
def test_and_nowhere_else(server, name, registry, url, why):
    with pytest.raises(Unsent, match=why) as refused:
        server.secret(name, registry=registry, url=url)

    assert not any(value in str(refused.value) for value in ENVIRON.values())


def test_a_secret_that_is_a_url_must_be_where_it_may_be_sent(configured):
    assert configured().secret_url("REG_WH_SLACK", registry="model") == ENVIRON["REG_WH_SLACK"]

    for elsewhere in (
        "https://evil.example/services/hush",
        "https://hooks.slack.example/hush",
        "no URL: hush",
    ):
        moved = configured(environ={"REG_WH_SLACK": elsewhere}, config="")
        with pytest.raises(Unsent) as refused:
            moved.secret_url("REG_WH_SLACK", registry="model")
        assert "hush" not in str(refused.value)

    with pytest.raises(Unsent, match="other may not use"):
        configured(config="", environ={"REG_WH_SLACK": "no URL"}).secret_url("REG_WH_SLACK", registry="other")


def test_what_nobody_bound_is_not_even_held(server):
    assert "AWS_SECRET_ACCESS_KEY" not in server.values
    assert HUSH not in repr(server)


def test_a_command_is_words_that_no_shell_reads(server):
    deploy = server.command("deploy", registry="model")

    assert deploy.run == ("/opt/deploy", "--to", "two words", "$HOME")
    assert deploy.seconds == 5


@pytest.mark.parametrize(
    ("name", "registry", "why"),
    [
        ("deploy", "dataset", "dataset may not run the command deploy"),
        ("Nightly.Run", "model", "model may not run the command Nightly.Run"),
        ("Deploy", "model", "no command Deploy: its admin sets registryCommand.Deploy.run"),
    ],
)
def test_a_command_is_run_for_those_who_may(server, name, registry, why):
    with pytest.raises(Unsent, match=why):
        server.command(name, registry=registry)


def test_networks_are_read(server):
    assert server.networks == (ip_network("10.20.0.0/16"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("run = it's", r"registryCommand.x.run: expected .*, found a quote without end"),
        ("", "registryCommand.x.run: expected a program and its arguments, found nothing"),
        ("run = it\n seconds = forever", "registryCommand.x.seconds: expected .* 60, found 'forever'"),
        ("run = it\n seconds = inf", "found 'inf'"),
        ("run = it\n seconds = -5", "found '-5'"),
        ("run = it\n seconds = 0", "found '0'"),
    ],
)
def test_a_command_that_can_not_be_read_is_not_run_and_keeps_no_other_from_it(configured, more, said):
    server = configured(f'[registryCommand "x"]\n registry = model\n {more}\n')

    assert server.command("deploy", registry="model").run
    with pytest.raises(Unsent, match=said):
        server.command("x", registry="model")


def test_a_network_that_can_not_be_read_lets_nothing_in(configured):
    server = configured("[registry]\n allowNetwork = 10.20.1.1/16\n allowNetwork = everything\n")

    assert server.networks == (ip_network("10.20.0.0/16"), ip_network("fd00::/8"))
    assert server.unread == (
        "expected a network such as 10.20.0.0/16, found '10.20.1.1/16'",
        "expected a network such as 10.20.0.0/16, found 'everything'",
    )


def test_values_come_from_a_file_if_there_is_one(configured, tmp_path):
    file = tmp_path / "secrets"
    file.write_text("REG_WH_A=from the file\nREG_WH_OTHER=hush hush hush\n")
    file.chmod(0o600)

    server = configured(f"[registry]\n secretsFile = {file}")

    assert server.secret("REG_WH_A", registry="model", url=URL) == "from the file"
    assert dict(server.values) == {"REG_WH_A": "from the file"}


def test_a_file_that_others_may_read_holds_no_secret(configured, tmp_path):
    file = tmp_path / "secrets"
    file.write_text("REG_WH_A=from the file\n")
    file.chmod(0o644)

    server = configured(f"[registry]\n secretsFile = {file}")

    with pytest.raises(Unsent, match="may be read by others"):
        server.secret("REG_WH_A", registry="model", url=URL)
