"""The one form each document is written in."""

import math

import pytest

from git_registry.codec import decode, encode, is_canonical
from git_registry.codec.scalars import write_number, write_text
from git_registry.errors import InvalidDocument
from git_registry.model.digest import Digest, list_digest
from git_registry.model.documents.access import Access
from git_registry.model.documents.alias import Alias
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.manifest import Code, FileEntry, Manifest
from git_registry.model.documents.notes import Notes
from git_registry.model.documents.organization import Organization

PLAIN_EVERYWHERE = [
    *("model.ubj", "--fast", "-x", "churn-xgb", "a b", "a#b", "don't", "3fa94c1be2d07788a1c0f3d2b4e59617"),
    *("é", "日本", "🦊", "می\u200cخواهم", "e5", "v1.2", "1.2.3a", "nope", "a=b", "a'b", 'a"b', "+", "_1"),
    *("a\\b", "null-ish", "1 2", "no way"),
]
PLAIN_IN_BLOCK = [
    "s3://acme-ml",
    "user:ana",
    "sha256:9b1e",
    "Trained on October, early stopping.",
    "a?",
    "f(x)[0]",
]
QUOTED = [
    *("", " ", "~", "null", "Null", "NULL", "true", "True", "FALSE", "y", "Y", "yes", "No", "oN", "off"),
    *("0", "1", "-1", "+1", "010", "0o10", "0x1F", "0b1", "1_000", "1.5", ".5", "5.", "1e5", "1E-5", "1.2.3"),
    *("190:20:30", "1:30", "12345678901234567890123456789012", "12345678e12345678901234567890123"),
    *(".inf", "-.INF", "+.Inf", ".NaN", ".", "2026-11-22", "2026-1-2", "2026-11-22T20:28:34.123Z"),
    *("=", "<<", "-", "- a", "?", "? a", ":", ": a", "a: b", "a:", "a #b", "#a", "&a", "*a", "!a", "|", ">"),
    *(
        "'a'",
        '"a"',
        "%a",
        "@a",
        "`a",
        "[a",
        "]",
        "{a",
        "}",
        ",a",
        " a",
        "a ",
        "---",
        "...",
        "--- a",
        "\u3000a",
    ),
    *(
        "a\nb",
        "a\tb",
        "\x1b[31m",
        "\x7f",
        "\x85",
        "\u2028",
        "\u202e",
        "\ufeff",
        "\u200b",
        "a\u00adb",
        "\uffff",
    ),
]


@pytest.mark.parametrize("text", PLAIN_EVERYWHERE)
def test_text_nobody_can_mistake_is_plain(text):
    assert write_text(text, inline=False) == text
    assert write_text(text, inline=True) == text


@pytest.mark.parametrize("text", PLAIN_IN_BLOCK)
def test_between_brackets_what_holds_an_indicator_is_quoted(text):
    assert write_text(text, inline=False) == text
    assert write_text(text, inline=True) == f'"{text}"'


@pytest.mark.parametrize("text", QUOTED)
def test_text_somebody_would_take_for_something_else_is_quoted(text):
    assert write_text(text, inline=False).startswith('"')
    assert write_text(text, inline=True).startswith('"')


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1"),
        (1.0, "1.0"),
        (-0.0, "-0.0"),
        (0.1, "0.1"),
        (1e22, "1e+22"),
        (1e-7, "1e-07"),
        (math.inf, ".inf"),
        (-math.inf, "-.inf"),
        (math.nan, ".nan"),
        (2**63 - 1, "9223372036854775807"),
    ],
)
def test_a_number_is_as_short_as_it_can_be(number, text):
    assert write_number(number) == text


def test_the_manifest_of_the_design():
    model, card = Digest("sha256", "9b" * 32), Digest("sha256", "77" * 32)
    files = (
        FileEntry(path="model.ubj", size=104857600, digest=model, uri=f"s3://acme-ml/sha256/9b/{'9b' * 32}"),
        FileEntry(path="card.md", size=312, digest=card, uri=f"s3://acme-ml/sha256/77/{'77' * 32}"),
    )
    document = Manifest(
        artifact="churn-xgb",
        type="model",
        digest=list_digest((f.path, f.digest, f.uri) for f in files),
        size=104857912,
        created="2026-11-22T20:28:34.123Z",
        metadata={"framework": "xgboost", "max_depth": 7},
        metrics={"auc": 0.931, "logloss": 0.214},
        files=files,
        code=Code(repository="git@github.com:acme/churn.git", commit="4be1" * 10, path="train.py"),
    )

    s3 = "s3://acme-ml/sha256"
    git = "git@github.com:acme/churn.git"
    s3, git = "s3://acme-ml/sha256", "git@github.com:acme/churn.git"
    assert encode(document).decode() == (
        "format: 1\n"
        "artifact: churn-xgb\n"
        "type: model\n"
        f"digest: {document.digest}\n"
        "size: 104857912\n"
        'created: "2026-11-22T20:28:34.123Z"\n'
        "metadata: {framework: xgboost, max_depth: 7}\n"
        "metrics: {auc: 0.931, logloss: 0.214}\n"
        "files:\n"
        f'  - {{path: model.ubj, size: 104857600, digest: "{model}", uri: "{s3}/9b/{"9b" * 32}"}}\n'
        f'  - {{path: card.md, size: 312, digest: "{card}", uri: "{s3}/77/{"77" * 32}"}}\n'
        f'code: {{repository: "{git}", commit: {"4be1" * 10}, dirty: false, path: train.py}}\n'
    )


def test_policy_documents_have_a_line_for_each_decision():
    text = (
        b"format: 1\n"
        b"visibility: organization\n"
        b"members:\n"
        b"  user:alice: admin\n"
        b"  team:nlp: member\n"
        b"protected_aliases:\n"
        b"  production:\n"
        b"    gates:\n"
        b"      - {holds: staging}\n"
        b"      - {metrics: {auc: {$gte: 0.9}}}\n"
        b"      - {approvals: {count: 1, role: admin, not_author: true}}\n"
        b"  staging: {}\n"
    )

    assert is_canonical(Access, text)


def test_an_organization_has_a_line_for_each_team_project_and_identity():
    text = (
        b"format: 1\n"
        b"name: acme\n"
        b"store: s3://acme-ml\n"
        b'references: ["s3://acme-raw/"]\n'
        b'admins: ["user:ana"]\n'
        b"default_role: viewer\n"
        b"teams:\n"
        b'  nlp: {members: ["user:bob", "service:train-ci"], github: acme/nlp}\n'
        b"projects:\n"
        b'  churn: {"team:nlp": member}\n'
        b"identities:\n"
        b'  user:bob: {github: bob-gh, emails: [bob@acme.example], ssh: ["SHA256:abc"]}\n'
        b'repositories: {secret: "git@git.acme.example:registry-secret"}\n'
    )

    assert is_canonical(Organization, text)


@pytest.mark.parametrize(
    "text",
    [
        "format: 1\ntype: model\ntags: [ eu ]\n",
        "format: 1\ntype: model\ntags: []\n",
        "format: 1\ntype: model\ntags:\n  - eu\n",
        'format: 1\ntype: "model"\n',
        "type: model\nformat: 1\n",
        "format: 1\ntitle: x\ntype: model\n",
        "format: 1\ntype: model",
        "format: 1\ntype: model\n\n",
        "---\nformat: 1\ntype: model\n",
        "format: 1\ntype: model # why\n",
        "format: 1\r\ntype: model\r\n",
        "format: 1\ntype: no/t\n",
        "not even yaml: [",
    ],
)
def test_another_form_of_the_same_is_not_canonical(text):
    assert not is_canonical(Collection, text.encode())


def test_an_empty_file_list_is_written_because_it_is_not_the_default():
    document = Manifest(
        artifact="a", type="t", digest=list_digest([]), size=0, created="2026-11-22T20:28:34.123Z", files=()
    )

    assert encode(document).endswith(b"\nfiles: []\n")
    assert decode(Manifest, encode(document)) == document


def test_unknown_fields_follow_the_known_ones_in_the_order_read():
    text = b"format: 1\ntype: model\nz: {b: 1, a: 2}\nb: text: no\n".replace(b"text: no", b'"text: no"')

    assert encode(decode(Collection, text)) == text


def values(**metadata):
    return Notes(metadata=metadata)


ITSELF: list[object] = []
ITSELF.append(ITSELF)
WIDE: list[object] = []
for _ in range(9):
    WIDE = [WIDE] * 9


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (Alias(version="v3"), "alias: version: expected a version's id"),
        (Alias(version=3), "alias: version: expected a version's id"),
        (Collection(type="model", tags=("a/b",)), "collection: tags[0]: expected a tag"),
        (Collection(type="model", tags="eu"), "collection: tags: expected a list"),
        (Collection(type="a\x1bb"), "collection: type: "),
        (Notes(metrics={"auc": "0.9"}), "notes: metrics.auc: expected a number"),
        (Notes(metrics={"auc": True}), "notes: metrics.auc: expected a number"),
        (Notes(metrics={1: 0.5}), "notes: metrics[1]: the key 1 is not text"),
        (Notes(ttl=-1), "notes: ttl: expected a whole number"),
        (values(a=2**63), "notes: metadata.a: the integer 9.223372e+18 has more than 64 bits"),
        (values(a=b"x"), "notes: metadata.a: expected text, a number"),
        (values(a={1, 2}), "notes: metadata.a: expected text, a number"),
        (values(a="x\0y"), "notes: metadata.a: a NUL in text"),
        (values(a="\ud800"), "notes: metadata.a: half a character"),
        (values(**{"\u202e": 1}), "hidden character"),
        (values(a=ITSELF), "nested deeper than 16"),
        (values(a=WIDE), "more than 20,000 values"),
        (values(a="x" * 300_000), "larger than 256 KiB"),
        (Notes(extra={"format": 2}), "notes: format: the codec writes this field itself"),
        (Notes(extra={"ttl": 2}), "notes: ttl: a known field among the unknown ones"),
        (
            Manifest(
                artifact="a",
                type="t",
                digest=Digest("sha256", "no"),
                size=0,
                created="2026-11-22T20:28:34.123Z",
                files={"a": 1},
            ),
            "manifest: digest: a SHA-256 digest",
        ),
    ],
)
def test_nothing_is_written_that_could_not_be_read(document, says):
    with pytest.raises(InvalidDocument) as refusal:
        encode(document)

    assert says in str(refusal.value)


def test_every_mistake_is_told_by_the_writer_too():
    with pytest.raises(InvalidDocument) as refusal:
        encode(Notes(tags=("a/b",), metrics={"x": None}, ttl=-1))

    assert [problem.where for problem in refusal.value.problems] == [
        "notes: tags[0]",
        "notes: metrics.x",
        "notes: ttl",
    ]
