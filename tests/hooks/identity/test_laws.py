"""Whatever a hook is told: it is refused, or says somebody whose name can be a principal's."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from tests.hooks.identity import hosts

from git_registry.errors import Refused
from git_registry.hooks.identity import fingerprint
from git_registry.hooks.identity.adapters import identify
from git_registry.model.names import PRINCIPAL
from git_registry.policy.settings import ADAPTERS

SETTING_OF = {
    "FORCED_COMMAND": "env:REG_USER",
    "GITOLITE": "gitolite",
    "HTTP": "http",
    "GITLAB": "gitlab",
    "GITEA": "gitea",
    "FORGEJO": "gitea",
    "GITHUB": "github",
    "BITBUCKET": "bitbucket",
    "GERRIT": "gerrit",
    "SIGNED": "signed-push",
}
"""By what the names of recorded environments begin with."""

RECORDED = [one for name, one in sorted(vars(hosts).items()) if name.isupper() and isinstance(one, dict)]
AT_HOME = [
    (setting, one)
    for name, one in sorted(vars(hosts).items())
    for start, setting in SETTING_OF.items()
    if name.startswith(start) and isinstance(one, dict)
]
SAID = [one for name, one in sorted(vars(hosts).items()) if name.startswith("GERRIT_")]
VARIABLES = sorted({name for environ in RECORDED for name in environ} | {"SSH_USER_AUTH", "REG_USER"})
VALUES = sorted({value for environ in RECORDED for value in environ.values()})

# What the environment can hold: no NUL, and bytes that are no UTF-8 as lone surrogates (os.fsdecode).
ANYTHING = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=80)
BYTES = st.binary(max_size=40).map(lambda some: some.replace(b"\0", b"").decode("utf-8", "surrogateescape"))
CLOSE = st.sampled_from(VALUES).flatmap(
    lambda text: st.sampled_from([text.upper(), f"{text}\n", f" {text}", f"{text}+", text[:-1], text * 40])
)
VALUE = st.sampled_from(VALUES) | CLOSE | ANYTHING | BYTES
CHANGES = st.dictionaries(st.sampled_from(VARIABLES), VALUE, max_size=6)


def changed(recorded, changes, without):
    return {name: value for name, value in {**recorded, **changes}.items() if name not in without}


WITHOUT = st.sets(st.sampled_from(VARIABLES), max_size=2)
ENVIRONS = st.builds(changed, st.sampled_from([{}, *RECORDED]), CHANGES, WITHOUT)
ARGUMENTS = st.sampled_from(SAID) | st.lists(
    st.sampled_from(sorted({word for one in SAID for word in one})) | ANYTHING, max_size=10
).map(tuple)
SETTINGS = st.sampled_from([*(one for one in ADAPTERS if one != "env"), "env:REG_USER", "env:BB_USER_EMAIL"])
HOSTS = st.tuples(SETTINGS, ENVIRONS) | st.sampled_from(AT_HOME).flatmap(
    lambda host: st.tuples(st.just(host[0]), st.builds(changed, st.just(host[1]), CHANGES, WITHOUT))
)
"""A setting and an environment, most often of the same host, with something changed."""

ACCOUNTS = st.sampled_from([None, "given", "signup"])


def asked(*told):
    """Return who pushes, or None if that is refused; anything else that is raised fails the test."""
    try:
        return identify(*told)
    except Refused as error:
        return None if error.message and error.where and error.hint else pytest.fail(f"too little: {error!r}")


def is_sound(account):
    if account.name:
        return not PRINCIPAL.problem(f"user:{account.name}") and not account.key
    return bool(re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}", account.key)) and not account.given


@given(HOSTS, ACCOUNTS, ARGUMENTS)
def test_it_is_refused_or_somebody_who_can_have_a_name(host, accounts, arguments):
    setting, environ = host
    pusher = asked(setting, environ, accounts, arguments)
    event("refused" if pusher is None else "known")

    assert pusher is None or is_sound(pusher.account)
    assert pusher is None or pusher.account.host in ("", setting)


@given(ANYTHING | BYTES, ENVIRONS, ACCOUNTS | ANYTHING)
def test_whatever_the_servers_config_says_it_is_refused_or_known(setting, environ, accounts):
    pusher = asked(setting, environ, accounts)

    assert pusher is None or setting in ADAPTERS or setting.startswith("env:")


@given(HOSTS, ARGUMENTS)
def test_sign_up_never_gives_a_name_away(host, arguments):
    setting, environ = host
    pusher = asked(setting, environ, "signup", arguments)

    assert pusher is None or not pusher.account.given


@given(HOSTS)
def test_no_person_is_called_like_a_key(host):
    setting, environ = host
    pusher = asked(setting, environ) if setting in ("gitea", "gitlab") else None

    if pusher and "+" in pusher.account.name:
        assert environ.get("GITEA_DEPLOY_KEY_ID") or environ["GL_ID"].startswith("key-")
        assert re.fullmatch(r"(deploy|key)\+\d+", pusher.account.name)


LINES = st.lists(
    st.sampled_from([b"publickey", b"password", b"ssh-ed25519", b"ssh-rsa", b"AAAAC3NzaC1lZDI1NTE5", b"AAAA"])
    | st.sampled_from([b" ", b"\n", b"\r", b"\x0b", b"\0", b"=", b"/"])
    | st.binary(max_size=4),
    max_size=12,
)


@given(LINES)
def test_whatever_the_file_of_sshd_holds_it_is_refused_or_a_key(tmp_path_factory, words):
    path = tmp_path_factory.getbasetemp() / "sshauth"
    path.write_bytes(b"".join(words))
    pusher = asked("exposed-auth", {"SSH_USER_AUTH": str(path)})

    assert pusher is None or is_sound(pusher.account)


@given(st.binary(max_size=200))
def test_a_fingerprint_is_one(key):
    assert fingerprint.is_one(fingerprint.of(key))


@given(st.integers(0, 49), st.characters())
def test_a_fingerprint_has_one_spelling(at, character):
    known = fingerprint.of(b"ana")
    changed = known[:at] + character + known[at + 1 :]

    assert not fingerprint.is_one(changed) or re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}", changed)


@pytest.mark.parametrize("heavy", ["subprocess", "hashlib", "click", "fsspec", "pygit2", "yaml"])
def test_it_starts_light(heavy):
    code = "import sys, git_registry.hooks.identity.adapters; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True)

    assert heavy not in done.stdout.split()
