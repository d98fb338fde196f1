"""Where a repository is on the web, and which token goes there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.sdk.forges.site import Site, site

PLACES = {
    "git@github.com:acme/registry.git": "https://github.com/acme/registry",
    "github.com:acme/registry": "https://github.com/acme/registry",
    "ssh://git@GitHub.com:2222/acme/registry.git/": "https://github.com/acme/registry",
    "https://github.com/acme/registry": "https://github.com/acme/registry",
    "https://bob:secret@git.acme.example:8443/a/b/c.git": "https://git.acme.example:8443/a/b/c",
    "http://git.acme.example/acme/registry": "https://git.acme.example/acme/registry",
    "http://127.0.0.1:3000/acme/registry": "http://127.0.0.1:3000/acme/registry",
    "http://[::1]:3000/acme/registry": "http://[::1]:3000/acme/registry",
}
NOWHERE = [
    *("/srv/acme.git", "../acme.git", "file:///srv/acme.git", "C:\\acme", "", "https://github.com"),
    *("ext::sh -c evil", "git@host:-oProxyCommand=evil", "https://[bad/x", "git://github.com/acme/x"),
]


@pytest.mark.parametrize("url", PLACES)
def test_a_url_tells_of_a_page(url):
    assert site(url).page == PLACES[url]


@pytest.mark.parametrize("url", NOWHERE)
def test_what_has_no_page(url):
    assert site(url) is None


@given(st.text())
def test_no_text_fails(text):
    found = site(text)

    assert found is None or found.page.startswith(("https://", "http://"))


TOKENS = {"GITLAB_TOKEN": "sesame"}


@pytest.mark.parametrize(
    ("host", "environ", "is_named", "sent"),
    [
        ("gitlab.com", {}, False, True),
        ("gitlab.evil.example", {}, False, False),
        ("gitlab.evil.example", {"GITLAB_HOST": "gitlab.acme.example"}, False, False),
        ("gitlab.acme.example", {"GITLAB_HOST": "gitlab.acme.example"}, False, True),
        ("gitlab.acme.example", {"GITLAB_HOST": "https://GitLab.acme.example/"}, False, True),
        ("gitlab.acme.example", {}, True, True),
        ("gitlab.com:8443", {}, False, False),
    ],
)
def test_a_token_goes_where_it_is_meant_for(host, environ, is_named, sent):
    place = Site(scheme="https", host=host, path="acme/registry", is_named=is_named)

    found = place.token({**TOKENS, **environ}, ["GITLAB_TOKEN"], ["gitlab.com"], ["GITLAB_HOST"])

    assert found == ("sesame" if sent else None)
