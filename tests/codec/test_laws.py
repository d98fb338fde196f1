"""The codec's laws, over random documents of every kind and over random bytes.

The documents are drawn by the field table, as everything else in the codec goes by it.
"""

import contextlib
import math
import re
import unicodedata
from dataclasses import replace
from typing import ClassVar

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.repeating import times

from git_registry.codec import decode, encode, is_canonical, load_mapping, table
from git_registry.codec.scalars import HIDDEN
from git_registry.codec.schema import kinds
from git_registry.codec.shortcut import read_canonical
from git_registry.codec.strict import parse_yaml
from git_registry.codec.text import Unreadable, read_text
from git_registry.errors import InvalidDocument
from git_registry.model import names
from git_registry.model.digest import Digest, list_digest
from git_registry.model.documents import access, manifest
from git_registry.model.documents.access import Access
from git_registry.model.documents.manifest import FileEntry, Manifest
from git_registry.model.documents.notes import Notes

MANY = settings(max_examples=times(100, 400), deadline=None, suppress_health_check=list(HealthCheck))
SOME = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))

NASTY = st.sampled_from(
    [
        *("", " ", "~", "null", "Null", "true", "no", "ON", "y", "0", "-0", "010", "0x1F", "0o7", "1_000"),
        *("1e5", "1e999999", ".inf", ".nan", "-.INF", "9" * 40, "1:30", "1.2.3", "2026-11-22", "=", "<<"),
        *("- a", "-", "--- a", "---", "...", "? a", ": a", "a: b", "a:", "a #b", "#", "&a", "*a", "!a", "|"),
        *("'", '"', "'a'", '"a"', "%YAML", "@a", "`", "[", "]", "{", "}", ",", "a, b", "a?b", " a", "a "),
        *("a\nb", "\t", "\x1b[0m", "\x85", "\u2028", "\ufeff", "\u200b", "e5", "\\", "\\n", "a\\", "é", "🦊"),
        *("\U0010ffff", "\ufffe", "\xa0", "\u3000x", "format", "s3://a?b#c", "git@github.com:a/b.git"),
    ]
)
TEXT = st.one_of(
    NASTY, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
)
KEY = TEXT.filter(lambda text: not re.search(HIDDEN, text))
INT64 = st.integers(-(2**63), 2**63 - 1)
NUMBER = st.one_of(INT64, st.floats())
VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBER, TEXT),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY, inner, max_size=3),
    max_leaves=8,
)
DIGEST = st.one_of(
    st.binary(max_size=3).map(Digest.of),
    st.builds(Digest, st.sampled_from(["md5", "etag", "stat"]), TEXT.filter(bool)),
)
ONE_OF = {
    access.Gate: [{"holds"}, {"metrics"}, {"metadata"}, {"content"}, {"approvals"}, {"signed"}],
    manifest.Input: [{"registry", "version"}, {"project", "artifact", "version"}, {"uri"}, {"uri", "digest"}],
}
"""What must be given together in records that have several forms."""


def allowed(text, rule=names.TEXT):
    """Return what is left of a text without the characters a rule refuses."""
    return "".join(character for character in text if not rule.problem(character))


def path(parts):
    """Make a path in a file list of any texts."""
    cleaned = [unicodedata.normalize("NFC", allowed(part, manifest.FILE_PATH)) for part in parts]
    return "/".join(part if part not in ("", ".", "..") else "x" for part in cleaned)


def uri(text):
    """Make a URI of any text, without what could be a credential, a port or a way up."""
    cleaned = "".join(allowed(text).split())
    return "s3://b/" + re.sub(r"[:@?&;#%=\\\ud800-\udfff]", "", cleaned).replace("..", "x")


# Made rather than filtered: what has to be thrown away too often finds nothing in the end.
TEXTS = {
    names.TEXT: TEXT.map(allowed),
    names.TYPE: TEXT.map(lambda text: allowed(text, names.TYPE) or "model"),
    names.URI: TEXT.map(uri),
    manifest.FILE_PATH: st.lists(TEXT, min_size=1, max_size=3).map(path),
}


def text(shape):
    if shape.rule in TEXTS:
        return TEXTS[shape.rule]
    drawn = st.from_regex(re.compile(shape.rule.pattern, re.ASCII), fullmatch=True)
    return drawn.filter(lambda found: not shape.rule.problem(found))


def record(kind):
    """Draw a record of this kind that has no problems between its fields."""
    known = table.fields_of(kind)
    extra = st.dictionaries(KEY.filter(lambda key: key not in known and key != "format"), VALUE, max_size=2)
    drawn = {
        name: draw(field.shape) if field.required else st.just(field.default) | draw(field.shape)
        for name, field in known.items()
    }
    if kind in ONE_OF:
        rest = {name: st.just(field.default) for name, field in known.items()}
        forms = [rest | {n: draw(known[n].shape).filter(bool) for n in form} for form in ONE_OF[kind]]
        return st.one_of([st.builds(kind, extra=extra, **form) for form in forms])
    return st.builds(kind, extra=extra, **drawn).map(mended).filter(lambda r: not any(r.problems()))


def mended(document):
    """Give a manifest the size and digest of the files it has, or a file list instead of none."""
    if not isinstance(document, Manifest):
        return document
    if document.file_list is not None:
        return replace(document, files=None, digest=Digest.of(b""))
    # A quarter each, so that the sum is a number the format can hold.
    files = {f.path: replace(f, size=None if f.size is None else f.size // 4) for f in document.files or ()}
    document = replace(document, files=tuple(files.values()))
    document = replace(document, size=sum(f.size or 0 for f in document.files))
    return replace(document, digest=list_digest((f.path, f.digest, f.uri) for f in document.files))


DRAW = {
    table.Text: text,
    table.Hash: lambda _shape: DIGEST,
    table.Count: lambda _shape: st.integers(0, 2**63 - 1),
    table.Flag: lambda _shape: st.booleans(),
    table.Measure: lambda _shape: NUMBER,
    table.Free: lambda _shape: VALUE,
    table.ListOf: lambda shape: st.lists(draw(shape.item), max_size=3).map(tuple),
    table.MapOf: lambda shape: st.dictionaries(
        text(shape.key).filter(lambda key: not re.search(HIDDEN, key)) if shape.key else KEY,
        draw(shape.item),
        max_size=3,
    ),
    table.RecordOf: lambda shape: record(shape.record),
}


def draw(shape):
    return DRAW[type(shape)](shape)


DOCUMENTS = {kind: record(kind) for kind in kinds()}
ANY_DOCUMENT = st.one_of(list(DOCUMENTS.values()))


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.kind)
@given(data=st.data())
@SOME
def test_what_was_written_is_read_back(kind, data):
    document = data.draw(DOCUMENTS[kind])

    read = decode(kind, encode(document))

    # By repr: NaN is not equal to itself, and 1, 1.0 and True are to each other.
    assert repr(read) == repr(document)
    assert is_canonical(kind, encode(document))


@given(document=ANY_DOCUMENT)
@MANY
def test_the_shortcut_reads_what_the_parser_reads(document):
    text = encode(document).decode()

    tree = parse_yaml(text)

    assert tree.mistakes == ()
    assert read_canonical(text) in (None, tree)


def meant(value):
    """Return plain Python data for a value as this package means it."""
    if isinstance(value, dict):
        return {key: meant(item) for key, item in value.items()}
    return [meant(item) for item in value] if isinstance(value, list) else value


def agree(ours, theirs):
    """Are two readings the same, by type too? PyYAML's 1.1 takes `1e+22` for text: it wants a dot."""
    if isinstance(ours, dict):
        return list(ours) == list(theirs) and all(agree(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(agree, ours, theirs))
    if isinstance(ours, float) and isinstance(theirs, str):
        return "." not in theirs and float(theirs) == ours
    if isinstance(ours, float) and math.isnan(ours):
        return isinstance(theirs, float) and math.isnan(theirs)
    return type(ours) is type(theirs) and ours == theirs


class Yaml12(yaml.SafeLoader):
    """PyYAML's Python parser under the core schema of YAML 1.2 (§10.3.2), for a second opinion."""

    yaml_implicit_resolvers: ClassVar[dict] = {}


for tag, pattern in {
    "null": r"~|null|Null|NULL|",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
    "float": r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
}.items():
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), None)


@given(metadata=st.dictionaries(KEY, VALUE, max_size=4))
@MANY
def test_other_readers_read_the_same(metadata):
    data = encode(Notes(metadata=metadata, extra={"unknown to us": metadata})).decode()

    for reader in (yaml.CSafeLoader, yaml.SafeLoader, Yaml12):
        read = yaml.load(data, Loader=reader)
        assert agree(meant(metadata), read.get("metadata", {}))
        assert agree(meant(metadata), read["unknown to us"])


@given(document=ANY_DOCUMENT)
@MANY
def test_texts_are_texts_to_every_reader(document):
    """No id, tag, date or name ever comes out as a number, a date or a truth value."""
    ours = load_mapping(encode(document))
    theirs = yaml.load(encode(document), Loader=yaml.CSafeLoader)

    for name, field in table.fields_of(type(document)).items():
        if isinstance(field.shape, table.Text | table.Hash) and name in ours:
            assert isinstance(theirs[name], str)


HOSTILE = st.sampled_from(
    [
        *(
            b"\0",
            b"\t",
            b"\r",
            b"\xff",
            b"\xef\xbb\xbf",
            b"&a ",
            b"*a",
            b"!!str ",
            b"<<: ",
            b"? ",
            b"- ",
            b"[",
            b"]",
        ),
        *(
            b"{",
            b"}",
            b": ",
            b":",
            b", ",
            b",",
            b"#",
            b" #",
            b"\n",
            b"\n\n",
            b"\n---\n",
            b"\n...\n",
            b"%YAML 1.1\n",
        ),
        *(
            b'"',
            b"'",
            b"|",
            b">",
            b"\\",
            b"\\ud800",
            b"\\x00",
            b"\\U99999999",
            b" ",
            b"  ",
            b"\n  ",
            b"\xc2\x85",
        ),
        *(
            b"format: 2",
            b"null",
            b"1e999",
            b"9" * 6000,
            b"[" * 50,
            b"\xe2\x80\xa8",
            b"\\",
            b"\xc3\xa9",
            b"@",
            b"`",
        ),
    ]
)
PIECE = HOSTILE | st.binary(max_size=3)
CUTS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 4), PIECE), min_size=1, max_size=4)


@given(document=ANY_DOCUMENT, cuts=CUTS)
@settings(MANY, max_examples=times(300, 2000))
def test_a_mutilated_document_is_read_alike_or_refused(document, cuts):
    data = encode(document)
    for place, length, piece in cuts:
        at = int(place * len(data))
        data = data[:at] + piece + data[at + length :]

    alike(type(document), data)


@given(data=st.binary(max_size=60) | st.lists(PIECE, max_size=25).map(b"".join))
@settings(MANY, max_examples=times(300, 2000))
def test_any_bytes_are_read_alike_or_refused(data):
    alike(Access, data)
    alike(Notes, b"format: 1\nmetadata: " + data)


def alike(kind, data):
    """Check that these bytes are a document or an InvalidDocument, and the same to both ways of reading."""
    with contextlib.suppress(InvalidDocument):
        decode(kind, data)
    try:
        text = read_text(data)
    except Unreadable:
        return
    quick = read_canonical(text)
    if quick is not None:
        assert quick == parse_yaml(text)


def test_a_file_entry_is_drawn_with_its_rules():
    assert table.fields_of(FileEntry)["path"].shape == table.Text(manifest.FILE_PATH)
