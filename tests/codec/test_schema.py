"""The published JSON Schemas: up to date, valid, and of one mind with the codec."""

import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from git_registry.codec import decode, load_mapping, schema
from git_registry.errors import InvalidDocument
from git_registry.model.digest import list_digest

SCHEMAS = Path(__file__).parents[2] / "schemas"
V1 = Path(__file__).parent / "data" / "v1"
KINDS = {kind.kind: kind for kind in schema.kinds()}


def errors(kind, text):
    validator = jsonschema.Draft202012Validator(schema.schema_of(KINDS[kind]))
    return [
        f"{error.json_path}: {error.message}" for error in validator.iter_errors(load_mapping(text.encode()))
    ]


def test_the_files_are_what_the_field_table_says():
    there = {path.name: path.read_text(encoding="utf-8") for path in SCHEMAS.glob("*.json")}
    made = {schema.file_name(kind): schema.written(schema.schema_of(kind)) for kind in KINDS.values()}

    assert there == made, "run: python -m git_registry.codec.schema schemas/"


def test_the_command_writes_them(tmp_path):
    subprocess.run([sys.executable, "-m", "git_registry.codec.schema", tmp_path], check=True)

    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {
        p.name: p.read_bytes() for p in SCHEMAS.glob("*.json")
    }


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_schema(kind):
    jsonschema.Draft202012Validator.check_schema(schema.schema_of(KINDS[kind]))


@pytest.mark.parametrize("kind", KINDS)
def test_its_patterns_mean_the_same_in_an_editor(kind):
    """ECMA-262 has no `\\A`, `\\Z`, `(?P<…>)`, inline flags, possessive or atomic groups."""
    for pattern in re.findall(r'"pattern": "(.*)"', schema.written(schema.schema_of(KINDS[kind]))):
        assert pattern.startswith("^(?:")
        assert pattern.endswith(")$")
        assert not re.search(r"\\[AZ]|\(\?P|\(\?[aiLmsux]|\(\?>|[*+?}]\+", pattern)


@pytest.mark.parametrize("path", sorted(V1.glob("*.yaml")), ids=lambda path: path.stem)
def test_documents_of_release_1_pass_but_for_what_is_unknown(path):
    kind, _, variant = path.stem.partition(".")

    found = errors(kind, path.read_text(encoding="utf-8"))

    if variant == "unknown":
        assert found
        assert all("Additional properties are not allowed" in error for error in found)
    else:
        assert found == []


HEX = "9b1e" * 16
MANIFEST = f"""\
format: 1
artifact: churn-xgb
type: model
digest: {list_digest([])}
size: 0
created: "2026-11-22T20:28:34.123Z"
files: []
"""
RUN = """\
format: 1
state: running
started: "2026-11-22T19:02:11.000Z"
"""

MISTAKES = [
    ("manifest", MANIFEST.replace("artifact", "artifct"), "artifct"),
    ("manifest", MANIFEST.replace("churn-xgb", "-churn"), "$.artifact"),
    ("manifest", MANIFEST.replace("size: 0", "size: -1"), "$.size"),
    ("manifest", MANIFEST.replace("size: 0", "size: '0'"), "$.size"),
    ("manifest", MANIFEST.replace("T20:28:34.123Z", ""), "$.created"),
    ("manifest", MANIFEST.replace("sha256:", "sha1:"), "$.digest"),
    ("manifest", MANIFEST.replace("size: 0\n", ""), "'size' is a required property"),
    ("manifest", MANIFEST + "metrics: {auc: high}\n", "$.metrics.auc"),
    ("manifest", MANIFEST + "inputs: [{registri: a/b}]\n", "registri"),
    ("manifest", MANIFEST.replace("[]", f'[{{path: a, digest: "sha256:{HEX}", url: "s3://b/a"}}]'), "url"),
    ("alias", f"format: 1\nversion: {HEX[:8]}\n", "$.version"),
    ("alias", f"format: 2\nversion: {HEX[:32]}\n", "$.format"),
    ("alias", f"version: {HEX[:32]}\n", "'format' is a required property"),
    ("collection", "format: 1\ntype: model\ndescripton: x\n", "descripton"),
    ("collection", "format: 1\ntype: model\ntags: [a/b]\n", "$.tags[0]"),
    ("collection", "format: 1\ntype: model\ntags: eu\n", "$.tags"),
    ("registry", "format: 1\ntypes: [a/b]\n", "$.types[0]"),
    ("notes", "format: 1\nttl: 1.5\n", "$.ttl"),
    ("access", "format: 1\nvisibility: secret\n", "$.visibility"),
    ("access", 'format: 1\nmembers: {"user:ana": owner}\n', "$.members"),
    ("access", "format: 1\nmembers: {ana: admin}\n", "ana"),
    ("access", "format: 1\nprotected_aliases: {production: {gates: [{singed: true}]}}\n", "singed"),
    ("organization", "format: 1\nname: acme\nstore: /srv/blobs\n", "$.store"),
    ("organization", "format: 1\nname: acme\n", "'store' is a required property"),
    ("project", "format: 1\ntitle: Churn\n", "title"),
    ("run", RUN.replace("running", "done"), "$.state"),
    ("run", RUN.replace("state: running\n", ""), "'state' is a required property"),
    ("run", RUN.replace("T19:02:11.000Z", ""), "$.started"),
    ("run", RUN + "outputs: [{artifact: churn-xgb, version: v3}]\n", "$.outputs[0].version"),
    ("run", RUN + "history: {uri: s3://b/h, rows: 1}\n", "'digest' is a required property"),
]


@pytest.mark.parametrize(("kind", "text", "says"), MISTAKES)
def test_a_mistake_an_editor_marks_the_codec_refuses_too(kind, text, says):
    assert says in " ".join(errors(kind, text))
    with pytest.raises(InvalidDocument):
        decode(KINDS[kind], text.encode(), strict=True)


def test_a_description_comes_from_the_docstring():
    properties = schema.schema_of(KINDS["notes"])["properties"]

    assert properties["ttl"]["description"].startswith("Whole seconds from the manifest's `created`")
    assert properties["tags"]["items"]["description"] == "A tag such as eu or 'needs review'."


def test_the_format_page_names_every_schema():
    page = (SCHEMAS / "README.md").read_text(encoding="utf-8")

    for name in map(schema.file_name, KINDS.values()):
        assert f"| `{name}` |" in page
        assert f'"…/{name}": ' in page
