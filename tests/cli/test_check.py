"""Mistakes made by hand, with file, line and field."""

from __future__ import annotations


def test_nothing_wrong(churn):
    assert churn("check") == "Nothing wrong in 10 files\n"
    assert churn("check", "HEAD") == "Nothing wrong in 10 files\n"
    assert churn("check", "HEAD~1..HEAD") == "Nothing wrong in the steps HEAD~1..HEAD\n"
    assert churn.json("check") == []


def test_every_mistake_in_a_manifest(churn):
    manifest = next((churn.directory / "model/churn/versions").glob("dbf*8c.yaml"))
    text = manifest.read_text().replace("size: 7\n", "size: seven\n", 1).replace("created:", "creatd:")
    manifest.write_text(text)
    said = churn("check", code=3)
    place = manifest.relative_to(churn.directory)
    assert f"{place}:5: size: " in said
    assert f"{place}:6: creatd: unknown field 'creatd'" in said
    assert "hint: did you mean 'created'?" in said
    problems = churn("check", "--json", code=3)
    assert '"kind": "invalid-document"' in problems


def test_a_range_names_its_steps(churn, git):
    (churn.directory / "model/churn/aliases/staging.yaml").write_text(
        "format: 1\nversion: " + "0" * 32 + "\n"
    )
    git(churn.directory, "commit", "-qam", "By hand")
    commit = git(churn.directory, "rev-parse", "--short=8", "HEAD")
    assert f"{commit}:model/churn/aliases/staging.yaml: version: " in churn("check", "HEAD~1..HEAD", code=3)
    churn("check", "nope", code=5)
