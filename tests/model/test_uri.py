"""Which URIs may be written down, and that no refusal repeats a secret."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.store.test_location import REFUSED, SECRET

from git_registry import codec
from git_registry.errors import InvalidDocument
from git_registry.model import names, uri
from git_registry.model.documents.organization import Organization


@pytest.mark.parametrize(("text", "why"), REFUSED)
def test_a_problem_says_what_and_repeats_no_secret(text, why):
    assert why in uri.problem(text)
    assert SECRET not in uri.problem(text)
    assert SECRET not in names.URI.problem(text) != ""


@pytest.mark.parametrize(
    "text",
    [
        f"https://me:{SECRET}@host/x",
        f"https://me:{SECRET} {SECRET}@host/x",
        f"me:{SECRET}@host",
        f"HTTPS://me:{SECRET}@host/x",
        f"s3://a::https://me:{SECRET}@host",
        f"https://host/x?sig={SECRET}",
        f"https://me:{SECRET}@host/\u202e",
    ],
)
def test_a_document_with_a_credential_is_refused_without_repeating_it(text):
    for document in (
        f'format: 1\nname: acme\nstore: "{text}"\n',
        f'format: 1\nname: acme\nstore: file:///x\nreferences: ["{text}"]\n',
        f'format: 1\nname: acme\nstore: file:///x\nmoved: {{"s3://old": "{text}"}}\n',
        f'format: 1\nname: acme\nstore: file:///x\nmoved: {{"{text}": "s3://new"}}\n',
        f'format: 1\nname: acme\nstore: file:///x\nmoved: {{"{text}": nowhere}}\n',
    ):
        with pytest.raises(InvalidDocument) as refused:
            codec.decode(Organization, document.encode(), where="organization.yaml")

        assert "URI" in refused.value.message
        assert SECRET not in f"{refused.value} {refused.value.hint}"


def test_nor_is_it_written():
    with pytest.raises(InvalidDocument) as refused:
        codec.encode(Organization(name="acme", store=f"https://me:{SECRET}@host/x"))

    assert SECRET not in f"{refused.value} {refused.value.hint}"


SCHEMES = st.sampled_from(["s3", "gs", "file", "zip", "dir", "S3", "1x", "abfs", ""])
RESTS = st.lists(st.sampled_from([*"a0._-=/@:?#&;%~ \\", "..", "key", "2e", "token="]), max_size=8).map(
    "".join
)


@given(SCHEMES, st.sampled_from(["://", ":", "::"]), RESTS)
def test_what_is_called_harmless_at_a_glance_is_so_at_a_closer_look(scheme, colon, rest):
    text = f"{scheme}{colon}{rest}"

    assert uri.problem(text) == uri._problem(text)


def test_nearly_every_uri_is_harmless_at_a_glance(monkeypatch):
    monkeypatch.setattr(uri, "_problem", lambda text: f"was looked at: {text}")

    for text in ("s3://raw/part-0001/x_1.parquet", "gs://b/dt=2026-01-01/a.csv", "s3://raw/"):
        assert uri.problem(text) == ""
