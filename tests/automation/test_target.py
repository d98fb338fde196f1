"""What a URL says, and what is no URL to send anything to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.automation.target import Target
from git_registry.automation.unsent import Unsent


@pytest.mark.parametrize(
    ("url", "authority", "rest"),
    [
        ("https://deploy.acme.example/hook", "deploy.acme.example", "/hook"),
        ("https://deploy.acme.example", "deploy.acme.example", "/"),
        ("HTTPS://Deploy.Acme.Example:443/Hook", "deploy.acme.example", "/Hook"),
        ("https://deploy.acme.example:8443/a?b=c&d=%20", "deploy.acme.example:8443", "/a?b=c&d=%20"),
        ("https://deploy.acme.example:/a", "deploy.acme.example", "/a"),
        ("https://deploy.acme.example?x", "deploy.acme.example", "/?x"),
        ("http://10.1.2.3:8080/", "10.1.2.3:8080", "/"),
        ("https://[2A00::1]:8443/", "[2a00::1]:8443", "/"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example", "/"),
        (
            "https://gitlab.com/api/v4/projects/acme%2Fdeploy/",
            "gitlab.com",
            "/api/v4/projects/acme%2Fdeploy/",
        ),
        ("https://a.example/..a/...", "a.example", "/..a/..."),
        ("https://a.example/.well-known/100%25/b%C3%BCcher", "a.example", "/.well-known/100%25/b%C3%BCcher"),
    ],
)
def test_a_url_is_read(url, authority, rest):
    target = Target.of(url)

    assert (target.authority, target.path + target.query) == (authority, rest)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://a.example/", "not https:"),
        ("file:///etc/passwd", "not https:"),
        ("gopher://127.0.0.1:6379/_x", "not https:"),
        ("https://user:pw@a.example/", "user name or password"),
        ("https://93.184.216.34@127.0.0.1/", "user name or password"),
        ("https://a.example\\@b.example/", "user name or password"),
        ("https://①②⑦.⓪.⓪.①/", "ASCII"),
        ("https://127。0。0。1/", "ASCII"),
        ("https://bücher.example/", "ASCII"),
        ("https://a.example/ü", "ASCII"),
        ("https://a.example:８０/", "ASCII"),
        ("https:///nohost", "can't be read"),
        ("https://", "can't be read"),
        ("https://a..example/", "can't be read"),
        ("https://localhost./", "can't be read"),
        ("https://a.example /", "can't be read"),
        ("https://a.example/\r\nHost: b.example", "can't be read"),
        ("https://a.example/x y", "can't be read"),
        ("https://a.example/\\b", "can't be read"),
        ("https://a.example/#b", "can't be read"),
        ("https://a%2eexample/", "can't be read"),
        ("https://[fe80::1%25eth0]/", "can't be read"),
        ("https://a.example:-1/", "can't be read"),
        ("https://a.example:+443/", "can't be read"),
        ("https://a.example:123456/", "can't be read"),
        (f"https://{'a' * 64}.example/", "can't be read"),
        (f"https://a.example/{'a' * 8_000}", "can't be read"),
        (f"https://{'a.' * 130}example/", "too long"),
        ("https://a.example:0/", "a port that there is not"),
        ("https://a.example:99999/", "a port that there is not"),
        ("https://2130706433/", "a number for a host"),
        ("https://0x7f000001/", "a number for a host"),
        ("https://0X7F.0.0.1/", "a number for a host"),
        ("https://0x7f.1/", "a number for a host"),
        ("https://127.0x1/", "a number for a host"),
        ("https://127.0x/", "a number for a host"),
        ("https://127.1/", "a number for a host"),
        ("https://0177.0.0.1/", "a number for a host"),
        ("https://017700000001/", "a number for a host"),
        ("https://127.0.0.01/", "a number for a host"),
        ("https://1.2.3.4.5/", "a number for a host"),
        ("https://256.0.0.1/", "a number for a host"),
        ("https://[1::2::3]/", "a number for a host"),
        ("https://[127.0.0.1]/", "a number for a host"),
        ("https://a.example/b/../c", "climbs"),
        ("https://a.example/b/..", "climbs"),
        ("https://a.example/./b", "climbs"),
        ("https://a.example/b/%2e%2E/c", "climbs"),
        ("https://a.example/b/.%2e/c", "climbs"),
        ("https://a.example/b/%252e%252e/c", "climbs"),
        ("https://a.example/b%2f..%2fc", "climbs"),
        ("https://a.example/b%5c..%5cc", "climbs"),
        ("https://a.example/b/..;x/c", "climbs"),
        ("https://a.example/b/..%3bx/c", "climbs"),
        ("https://a.example/b/..%23/x", "climbs"),
        ("https://a.example/b/..%3fx/y", "climbs"),
        ("https://a.example/b/..%20/x", "climbs"),
        ("https://a.example/b/%20..%2520/x", "climbs"),
        ("https://a.example/b/%ef%bc%8e%ef%bc%8e/x", "climbs"),
        ("https://a.example/b%ef%bc%8f..%ef%bc%8fx", "climbs"),
        ("https://a.example/b/%e2%80%a5/x", "climbs"),
        ("https://a.example/b/..%00/x", "climbs"),
        ("https://a.example/b/.%00./x", "climbs"),
        ("https://a.example/b/..%7f/y", "climbs"),
        ("https://a.example/b/.%250a./y", "climbs"),
        ("https://a.example/b/.%e2%80%8b./y", "climbs"),
        ("https://a.example/b%00/x", "can't be seen"),
        ("https://a.example/b/%250a/y", "can't be seen"),
        ("https://a.example/b/%e2%80%8b../y", "can't be seen"),
        ("https://a.example/b/%c0%ae%c0%ae/x", "no UTF-8"),
        ("https://a.example/b/%ff", "no UTF-8"),
        ("https://a.example/b/%uff0e%uff0e/x", "not everybody knows"),
        ("https://a.example/b/%25u002e%25u002e/x", "not everybody knows"),
    ],
)
def test_what_could_be_read_in_two_ways_is_no_url(url, why):
    with pytest.raises(Unsent, match=why):
        Target.of(url)


@pytest.mark.parametrize(
    ("url", "prefix", "is_under"),
    [
        ("https://a.example/hook", "https://a.example/hook", True),
        ("https://a.example/hook", "https://a.example/hook/", True),
        ("https://a.example/hook/", "https://a.example/hook", True),
        ("https://a.example/hook/b?c", "https://a.example/hook", True),
        ("https://a.example/hook?c", "https://a.example/hook", True),
        ("https://a.example/hook", "https://a.example", True),
        ("https://A.example:443/hook", "https://a.EXAMPLE/hook", True),
        ("https://a.example/hooks", "https://a.example/hook", False),
        ("https://a.example/Hook", "https://a.example/hook", False),
        ("https://a.example/%68ook", "https://a.example/hook", False),
        ("https://a.example//hook", "https://a.example/hook", False),
        ("https://a.example/", "https://a.example/hook", False),
        ("http://a.example/hook", "https://a.example/hook", False),
        ("https://a.example:8443/hook", "https://a.example/hook", False),
        ("https://a.example.evil.example/hook", "https://a.example", False),
        ("https://evil-a.example/hook", "https://a.example", False),
        ("https://b.a.example/hook", "https://a.example", False),
        ("https://a.example/hook?c", "https://a.example/hook?c", False),
    ],
)
def test_a_prefix_ends_where_a_part_ends(url, prefix, is_under):
    assert Target.of(url).is_under(Target.of(prefix)) == is_under


@given(st.text(alphabet="/.%2eEfF;a:@[]?#\\5c ①", max_size=20))
def test_whatever_is_read_as_a_url_stays_where_it_is(rest):
    url = f"https://a.example{rest}"
    try:
        target = Target.of(url)
    except Unsent:
        return

    assert target.host.startswith("a.example")
    assert ".." not in target.path.split("/")
