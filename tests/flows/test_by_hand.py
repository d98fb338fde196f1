"""What people do to a registry with an editor and plain git."""

from __future__ import annotations

from tests.sdk.once import once, tmp_path

from .keyboard import Keyboard, published

__all__ = ["tmp_path"]

PRODUCTION = "model/churn/aliases/production.yaml"


@once
def ada(tmp_path):
    """Three published versions; the first is in production."""
    ada = published(tmp_path)
    for number in range(3):
        ada.write("../model.bin", f"weights {number}")
        ada("link", "../model.bin", "model/churn", "--metric", f"auc=0.9{number}")
    ada("promote", "model/churn:v0", "--to", "production", "--push")
    return ada


def identifier(desk: Keyboard, version: str) -> str:
    return desk.json("show", f"model/churn:{version}")["id"]


def point_by_hand(desk: Keyboard, alias: str, version: str) -> None:
    """Write an alias in an editor, and commit it."""
    desk.write(f"model/churn/aliases/{alias}.yaml", f"format: 1\nversion: {identifier(desk, version)}\n")
    desk.commit(f"Move {alias}")


def test_a_collection_is_described_in_an_editor(ada):
    bob = ada.clone("bob")
    ada.write(
        "model/churn/collection.yaml", "format: 1\ntype: model\n\n# Who leaves us?\ndescription: Churn.\n"
    )

    assert "Nothing wrong" in ada("check")
    ada.git("commit", "-q", "-a", "-m", "Describe churn")
    ada.git("push", "-q")

    bob.git("pull", "-q")
    assert bob.json("show", "model/churn")["description"] == "Churn."
    bob("check", "HEAD~..HEAD")


def test_comments_survive_what_others_do(ada):
    ada.write("model/churn/collection.yaml", "format: 1\ntype: model\n# Who leaves us?\n")
    ada.commit()
    ada("promote", "model/churn:v2", "--to", "staging")
    assert "# Who leaves us?" in (ada.path / "model/churn/collection.yaml").read_text()
    ada.require_sound()


def test_an_alias_is_moved_on_a_branch_and_merged(ada):
    ada.git("switch", "-q", "-c", "release")
    point_by_hand(ada, "production", "v2")
    ada.git("switch", "-q", "main")
    assert ada.json("show", "model/churn:production")["version"] == "v0"

    ada.git("merge", "-q", "--no-ff", "-m", "Release", "release")

    assert ada.json("show", "model/churn:production")["version"] == "v2"
    ada("check", "origin/main..HEAD")
    ada.git("push", "-q")
    bob = ada.clone("bob")
    assert bob.json("show", "model/churn:production")["id"] == identifier(ada, "v2")


def test_branches_that_promote_different_aliases_merge(ada):
    ada.git("switch", "-q", "-c", "release")
    ada("promote", "model/churn:v1", "--to", "production")
    ada.git("switch", "-q", "main")
    ada("promote", "model/churn:v2", "--to", "staging")

    ada.git("merge", "-q", "--no-edit", "release")

    ada.require_sound()
    aliases = ada.json("show", "model/churn")["aliases"]
    assert aliases == {"production": "v1", "staging": "v2"}


def test_branches_that_link_different_versions_merge(ada):
    ada.git("switch", "-q", "-c", "more")
    ada.write("../model.bin", "weights 3")
    ada("link", "../model.bin", "model/churn")
    ada.git("switch", "-q", "main")
    ada.write("../model.bin", "weights 4")
    ada("link", "../model.bin", "model/churn")

    ada.git("merge", "-q", "--no-edit", "more")

    versions = ada.json("list", "model/churn")
    assert [one["number"] for one in versions] == [4, 3, 2, 1, 0]
    ada("check", "HEAD")


def test_branches_that_promote_the_same_alias_conflict(ada):
    ada.git("switch", "-q", "-c", "release")
    ada("promote", "model/churn:v1", "--to", "production")
    ada.git("switch", "-q", "main")
    ada("promote", "model/churn:v2", "--to", "production")

    said = ada.git("merge", "--no-edit", "release", code=1)

    assert f"Merge conflict in {PRODUCTION}" in said
    assert PRODUCTION in ada("check", code=3)
    ada.git("checkout", "-q", "--theirs", PRODUCTION)
    ada.commit("Merge")
    assert ada.json("show", "model/churn:production")["version"] == "v1"
    ada.require_sound()


def test_every_mistake_in_a_manifest_is_named(ada):
    path = f"model/churn/versions/{identifier(ada, 'v1')}.yaml"
    lines = (ada.path / path).read_text().splitlines()
    number = {line.partition(":")[0]: at for at, line in enumerate(lines, 1)}
    ada.edit(path, "size: 9", "size: many")
    ada.edit(path, "type: model", "type: [model]")
    ada.edit(path, "auc: 0.91", "auc: high")
    ada.edit(path, "created: ", "created: on a ")
    ada.write(path, (ada.path / path).read_text() + "colour: red\n")

    said = ada("check", code=3)

    for line, field in (
        *((number[field], field) for field in ("type", "size", "created")),
        (number["metrics"], "metrics"),
        (len(lines) + 1, "colour"),
    ):
        assert f"{path}:{line}: {field}" in said, said
    found = ada("check", "--json", code=3)
    assert found.count('"kind": "invalid-document"') >= 5


def test_mistakes_in_several_files_are_named_at_once(ada):
    ada.write("model/churn/collection.yaml", "format: 1\n")
    ada.write(PRODUCTION, "format: 1\nversion: v1\n")
    ada.write("model/churn/aliases/v7.yaml", f"format: 1\nversion: {identifier(ada, 'v1')}\n")
    ada.write("organization.yaml", "format: 1\nname: acme\nstore: [\n")

    said = ada("check", code=3)

    for file in ("model/churn/collection.yaml", f"{PRODUCTION}:2", "aliases/v7.yaml", "organization.yaml:"):
        assert file in said, said
