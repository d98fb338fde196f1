"""Documents as each release wrote them: read for ever, and written back byte for byte.

`data/v1` is never edited, only added to: a new kind of document brings its own two files, one with every
field and one with fields this release does not know, and their lines in SHA256SUMS.
"""

import hashlib
from pathlib import Path

import pytest

from git_registry.codec import comments, decode, encode
from git_registry.codec.schema import kinds
from git_registry.codec.shortcut import read_canonical
from git_registry.codec.strict import parse_yaml
from git_registry.errors import InvalidDocument

V1 = Path(__file__).parent / "data" / "v1"
KINDS = {kind.kind: kind for kind in kinds()}
DOCUMENTS = sorted(V1.glob("*.yaml"))


def kind_of(path):
    return KINDS[path.name.partition(".")[0]]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_document_of_release_1_is_read_and_written_back(path):
    data = path.read_bytes()

    document = decode(kind_of(path), data, where=path.name)

    assert encode(document) == data
    assert comments(data) == ()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_it_is_read_without_a_yaml_parser_and_alike(path):
    text = path.read_text(encoding="utf-8")

    assert read_canonical(text) == parse_yaml(text)


@pytest.mark.parametrize("path", sorted(V1.glob("*.unknown.yaml")), ids=lambda path: path.stem)
def test_what_release_1_does_not_know_is_refused_from_writers(path):
    with pytest.raises(InvalidDocument, match="unknown field"):
        decode(kind_of(path), path.read_bytes(), strict=True)


def test_every_kind_is_there_with_and_without_unknown_fields():
    assert {f"{kind}{more}.yaml" for kind in KINDS for more in ("", ".unknown")} <= {
        p.name for p in DOCUMENTS
    }


def test_none_of_them_was_edited():
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in DOCUMENTS]

    assert (V1 / "SHA256SUMS").read_text().splitlines() == lines
