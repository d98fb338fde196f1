"""What a reader says about documents that do not follow the format."""

import pytest

from git_registry.codec import decode
from git_registry.codec.table import fields_of
from git_registry.errors import InvalidDocument
from git_registry.model.digest import Digest, list_digest
from git_registry.model.documents.access import Access
from git_registry.model.documents.alias import Alias
from git_registry.model.documents.automation import Automation
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.manifest import Manifest
from git_registry.model.documents.notes import Notes

HEX = "0123456789abcdef" * 4
EMPTY = list_digest([])


def refusal(kind, text, **options):
    with pytest.raises(InvalidDocument) as caught:
        decode(kind, text.encode(), **options)
    return caught.value


def test_every_mistake_is_told_with_its_line_field_and_way_out():
    error = refusal(
        Manifest,
        "format: 1\n"
        "artifct: x\n"
        "type: model\n"
        "size: '1'\n"
        f"digest: sha256:{HEX}\n"
        'created: "2026-11-22"\n'
        "metrics: {auc: high, f1: true}\n"
        "files:\n"
        f"  - {{path: /x, digest: 'sha256:{HEX}', uri: 's3://b/x'}}\n"
        f"  - {{path: y, digest: sha1, uri: 's3://b/y'}}\n"
        "tags: [a]\n",
        where="m.yaml",
        strict=True,
    )

    assert [(p.where, p.message, p.hint) for p in error.problems] == [
        ("m.yaml:2: artifct", "unknown field 'artifct'", "did you mean 'artifact'?"),
        ("m.yaml:4: size", "expected a whole number, 0 or more, found '1'", "leave the quotes out"),
        (
            "m.yaml:6: created",
            "expected a UTC time such as \"2026-11-22T20:28:34.123Z\", found '2026-11-22'",
            "",
        ),
        ("m.yaml:7: metrics.auc", "expected a number, found 'high'", ""),
        ("m.yaml:7: metrics.f1", "expected a number, found 'true'", ""),
        ("m.yaml:9: files[0].path", "the path '/x' is absolute", ""),
        (
            "m.yaml:10: files[1].digest",
            "expected a digest such as sha256:9b1e…, found 'sha1'",
            "known algorithms: sha256, md5, crc32c, etag, stat, uri",
        ),
        (
            "m.yaml:11: tags",
            "unknown field 'tags'",
            f"known here: {', '.join(fields_of(Manifest))}",
        ),
        (
            "m.yaml:1: artifact",
            "the field is missing: a name such as churn-xgb (letters, digits, '.', '_', '-')",
            "",
        ),
    ]
    assert str(error) == "m.yaml:2: artifct: unknown field 'artifct' (and 8 more)"


def test_a_single_mistake_is_the_error_itself():
    error = refusal(
        Collection, "format: 1\ntype: model\ntags: [ok, 'a  b', 'a/b']\n", where="collection.yaml"
    )

    assert error.problems == (error,)
    assert (
        str(error) == "collection.yaml:3: tags[2]: expected a tag such as eu or 'needs review', found 'a/b'"
    )


def test_without_a_file_name_the_line_is_named():
    assert refusal(Alias, "format: 1\nversion: v3\n").where == "line 2: version"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("version: x\n", "format: the field is missing"),
        ("format: one\nversion: x\n", "format: expected 1"),
        ('format: "1"\nversion: x\n', "format: expected 1"),
        ("format: 0\n", "format: expected 1"),
        ("format: true\n", "format: expected 1"),
        ("format: 1.0\n", "format: expected 1"),
    ],
)
def test_the_format_must_be_named(text, says):
    assert says in " ".join(map(str, refusal(Alias, text).problems))


def test_a_newer_format_says_to_upgrade_and_nothing_else():
    error = refusal(Alias, "format: 2\nversions: [a, b]\n", where="a.yaml")

    assert str(error) == "a.yaml:1: format: format 2 was written by a newer version"
    assert error.hint == "upgrade git-registry to read it"
    assert error.problems == (error,)


def test_readers_keep_what_they_do_not_know_at_every_level():
    access = decode(
        Access,
        b"format: 1\nquota: {gb: 5}\nprotected_aliases: {live: {gates: [{signed: true, by: [a, 1]}]}}\n",
    )

    assert access.extra == {"quota": {"gb": 5}}
    assert access.protected_aliases["live"].gates[0].extra == {"by": ["a", 1]}


def test_writers_refuse_it_at_every_level():
    error = refusal(
        Access,
        "format: 1\nprotected_aliases:\n  production: {gates: [{singed: true}]}\n",
        where="access.yaml",
        strict=True,
    )

    assert str(error.problems[0]) == (
        "access.yaml:3: protected_aliases.production.gates[0].singed: unknown field 'singed'"
    )
    assert error.problems[0].hint == "did you mean 'signed'?"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("tags:\n", "tags: expected a list, found ''"),
        ("tags: {a: 1}\n", "tags: expected a list, found a mapping"),
        ("metrics: [1]\n", "metrics: expected a mapping, found a list"),
        ("metrics: {auc: '0.9'}\n", "metrics.auc: expected a number, found '0.9'"),
        ("description: [a]\n", "description: expected text, found a list"),
        ("ttl: -1\n", "ttl: expected a whole number, 0 or more, found '-1'"),
        ("ttl: 1.0\n", "ttl: expected a whole number"),
        ("ttl: true\n", "ttl: expected a whole number"),
        ("ttl: 99999999999999999999\n", "ttl: expected a whole number"),
        ("signature: a\n", "signature: expected a mapping, found 'a'"),
        ("metadata: {a: {null: 1}}\n", "metadata.a: the key null is not text"),
        ("metrics: {1: 2}\n", "metrics: the key 1 is not text"),
    ],
)
def test_a_field_of_another_shape_is_refused(text, says):
    assert says in str(refusal(Notes, f"format: 1\n{text}"))


def test_metrics_may_be_any_number():
    metrics = decode(Notes, b"format: 1\nmetrics: {a: 1, b: 0.5, c: .inf, d: -.inf, e: 1e3}\n").metrics

    assert metrics == {"a": 1, "b": 0.5, "c": float("inf"), "d": float("-inf"), "e": 1000.0}


MANIFEST = """format: 1
artifact: a
type: model
digest: {digest}
size: 1
created: "2026-11-22T20:28:34.123Z"
{rest}"""


def manifest(rest, digest=f"sha256:{HEX}"):
    return MANIFEST.format(rest=rest, digest=digest)


ENTRY = f'{{path: a, size: 1, digest: "sha256:{HEX}", uri: "s3://b/a"}}'
FILE_LIST = f'file_list: {{uri: "s3://b/l", digest: "sha256:{HEX}", count: 101}}\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (manifest(""), "files: a manifest has either files or file_list"),
        (manifest(f"files: []\n{FILE_LIST}"), "files: a manifest has either files or file_list"),
        (manifest("files: []\n"), f"digest: the files listed have the digest {EMPTY}"),
        (manifest(f"files: [{ENTRY}, {ENTRY}]\n"), "files: the path 'a' is repeated"),
        (manifest(FILE_LIST, digest="md5:abc"), "digest: a version is known by the sha256"),
        (manifest("files: []\ninputs: [{registry: a/b}]\n", digest=EMPTY), "inputs[0]: an input is"),
    ],
)
def test_what_only_several_fields_tell_is_told_too(text, says):
    assert says in " ".join(map(str, refusal(Manifest, text).problems))


def test_a_manifest_is_read_with_the_digest_of_its_files():
    entry = Digest("sha256", HEX)
    text = manifest(f"files: [{ENTRY}]\n", digest=list_digest([("a", entry, "s3://b/a")]))

    assert decode(Manifest, text.encode(), strict=True).files[0].digest == entry


def test_the_first_hundred_mistakes_are_kept():
    error = refusal(Notes, "format: 1\nmetrics: {" + ", ".join(f"m{i}: x" for i in range(500)) + "}\n")

    assert len(error.problems) == 100
    assert str(error).endswith("(and 499 more)")


def test_what_a_rule_has_to_say_of_a_text_that_breaks_it_is_the_way_out():
    error = refusal(
        Automation, "format: 1\nevents: [alias-mooved]\naction: {command: {name: x}}\n", where="a.yaml"
    )

    assert (str(error), error.hint) == (
        "a.yaml:2: events[0]: expected an event such as alias-moved or version-linked, found 'alias-mooved'",
        "did you mean 'alias-moved'?",
    )
