"""What may be called what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.errors import UsageError
from git_registry.model import names

ALLOWED = {
    names.NAME: [
        "churn",
        "churn-xgb",
        "A.b_c-1",
        "0",
        "x" * 128,
        "console",
        "latest",
        "v12",
        "runs",
        "com10",
    ],
    names.PLACE: ["model", "Churn", "version", "run"],
    names.ALIAS: ["production", "prod.eu", "v", "v1.2", "v12x", "vv1", "version", "runs", "x12"],
    names.TAG: ["eu", "needs review", "a-b_c", "1", "-", "größe", "a  b"],
    names.TYPE: ["model", "data set", "Modèle", "x" * 128],
    names.VERSION_ID: ["0123456789abcdef" * 2],
    names.PRINCIPAL: [
        "user:ana",
        "team:nlp",
        "service:train-ci",
        "github:bob-gh",
        "gitlab:a.b@c+d",
        "gitea:deploy+12",
        "bitbucket:ana",
        "gerrit:ana",
        "user:" + "x" * 64,
    ],
    names.CONTENT: ["sha256"],
    names.ROLE: ["restricted_viewer", "viewer", "member", "admin"],
    names.VISIBILITY: ["organization", "restricted"],
    names.TIMESTAMP: ["2026-11-22T20:28:34.123Z"],
    names.URI: ["s3://acme-ml/models", "file:///tmp/x", "gs://b", "a+b.c-d://x"],
    names.COLLECTION_PATH: ["model/churn"],
    names.REPOSITORY: [
        "git@github.com:acme/churn.git",
        "https://git.acme.example/x",
        "ssh://git@host:22/x",
        "../there",
    ],
    names.TEXT: ["", "a\nb\tc", "Größe 漢字 🦆", "'\"\\"],
}

REFUSED = {
    names.NAME: [
        "", ".", "..", ".x", "-x", "_x", "a b", "a/b", "a\\b", "a:b", "größe", "a\n", "\n", "x" * 129,
        "a..b", "a.", "a.lock", "a.LOCK", "a.yaml", "README.md", "con", "NUL", "aux.txt",
        "COM1", "lpt9.x", "a@{b",
    ],
    names.PLACE: [*sorted(names.RESERVED), "Versions", "RUNS", "a b", "con", ""],
    names.ALIAS: ["latest", "LATEST", "v0", "V1", "v12", "v007", "", "a b", "a.yaml", "nul"],
    names.TAG: ["", " a", "a ", "a,b", "a\tb", "a/b", "a\n"],
    names.TYPE: ["", "a/b", "a:b", "a\nb", "x" * 129, "\u202e", "\x85"],
    names.VERSION_ID: ["", "abc", "0123456789ABCDEF" * 2, "0" * 33, "g" * 32, "0" * 32 + "\n"],
    names.PRINCIPAL: ["ana", "root:ana", "user:", "user:-a", "user:a b",
        "user:" + "x" * 65, "User:ana", "user:ana\n"],
    names.CONTENT: ["", "md5", "sha256\n", "SHA256"],
    names.ROLE: ["", "owner", "Admin", "admin\n", "memberadmin"],
    names.VISIBILITY: ["public", ""],
    names.TIMESTAMP: [
        "2026-11-22", "2026-11-22T20:28:34Z", "2026-11-22 20:28:34.123Z", "2026-11-22T20:28:34.123+00:00",
        "٢٠٢٦-11-22T20:28:34.123Z",
    ],
    names.URI: ["", "models", "/tmp/x", "s3:/x", "s3://a b", "s3://a\n", "1s://x",
        "S3://b", "s3://", "s3://a::zip://b", "s3://a/../b", "https://me:pw@host/x", "s3://a\u202eb"],
    names.COLLECTION_PATH: ["model", "model/", "model/churn/x", "/churn"],
    names.REPOSITORY: ["https://t0ken@host/x", "https://ana:s3cret@host/x", "ssh://ana:s3/cret@host/x"],
    names.TEXT: ["\x00", "a\x1b[31m", "\x7f", "\u202e", "\x9b"],
}  # fmt: skip


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule in ALLOWED for text in ALLOWED[rule]])
def test_allowed(rule, text):
    assert rule.check(text) == text


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule in REFUSED for text in REFUSED[rule]])
def test_refused(rule, text):
    with pytest.raises(UsageError) as refused:
        rule.check(text)

    assert refused.value.message == rule.problem(text) != ""


def test_every_rule_has_examples():
    rules = {value for value in vars(names).values() if isinstance(value, names.Rule)}

    assert rules == set(ALLOWED) == set(REFUSED)


@given(st.text())
def test_a_name_is_safe_wherever_it_stands(text):
    """In a path on any system, a ref, a shell and a YAML document."""
    if not names.NAME.problem(text):
        assert text.isascii()
        assert not set(text) & set("/\\:*?\"<>|@{}~^ \t\n'$`&;()[]#!")
        assert not text.startswith((".", "-"))
        assert not text.endswith((".", ".lock"))


@pytest.mark.parametrize("word", ["latest", "v1", "v12"])
def test_why_an_alias_is_refused(word):
    assert "computed" in names.ALIAS.problem(word)
