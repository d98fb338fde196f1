"""What is to be sent, as people see it."""

from __future__ import annotations

import pytest

from git_registry.automation.outgoing import Outgoing, host


@pytest.mark.parametrize("rest", ["", "/hook", "?key=sesame", "#sesame", "/a?b/c"])
def test_of_a_url_its_host_is_seen(rest):
    assert host(f"https://deploy.acme.example:8443{rest}") == "https://deploy.acme.example:8443"


def test_who_is_asked_is_named_without_what_is_nobodys_business():
    assert Outgoing(url="https://deploy.acme.example?key=sesame").receiver == "https://deploy.acme.example"
    assert Outgoing(url_secret="REG_WH_TEAMS").receiver == "REG_WH_TEAMS"
    assert Outgoing(command="deploy").receiver == "command deploy"
