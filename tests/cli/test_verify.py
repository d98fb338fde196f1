"""`verify`: everything is there, or what is not is named."""

import json
import re

import fsspec
import pytest


@pytest.fixture
def damaged(churn):
    """The second version's weights are gone, the first one's are other ones."""
    fs = fsspec.filesystem("memory")
    found = {fs.cat_file(one): one for one in fs.find("/acme/sha256")}
    fs.rm_file(found[b"better weights"])
    fs.pipe_file(found[b"weights"], b"WEIGHTS")
    return churn


def test_all_is_well(churn):
    assert churn("verify") == "Nothing wrong in 3 blobs of 3 versions (39 B read) and 10 documents\n"
    assert churn.err == ""
    assert churn("verify", "model/churn:v0", "--jobs", "1").startswith(
        "Nothing wrong in 1 blob of 1 version "
    )
    assert churn("verify", "--size-only") == (
        "Not checked: the bytes of 3 blobs (--size-only)\n"
        "Nothing wrong in 3 blobs of 3 versions and 10 documents\n"
    )


def test_what_is_wrong_has_a_row_and_a_code_of_its_own(damaged):
    said = damaged("verify", "model", code=7).splitlines()

    assert [line.split("\t")[:2] for line in said[:2]] == [
        ["model/churn:v1", "model.bin"],
        ["model/churn:v0", "model.bin"],
    ]
    assert "\tmissing\tmemory://acme/" in said[0]
    assert said[2] == "2 problems in 2 blobs of 2 versions (7 B read) and 6 documents"
    damaged("verify", "dataset")


def test_the_problem_is_seen_whole_on_a_terminal(damaged, terminal):
    head, missing, other = damaged("verify", "model", code=7).splitlines()[:-1]

    assert head.split() == ["VERSION", "FILE", "PROBLEM", "URI"]
    assert max(map(len, (head, missing, other))) <= 100
    assert "  missing  " in missing
    assert re.search(r"  digest sha256:\w{12}… instead of sha256:\w{12}…  memory:", other)


def test_a_document_is_worse_than_a_blob(damaged, git):
    alias = next((damaged.directory / "model/churn/aliases").glob("*.yaml"))
    alias.write_text("format: 1\n")
    git(damaged.directory, "commit", "-qam", "By hand")

    said = damaged("verify", code=3)

    assert "model/churn/aliases/staging.yaml" in said
    assert "\tmissing\t" in said


def test_as_json(damaged, golden):
    said = damaged("verify", "--json", code=7)

    golden("verify.json", said)
    shape = json.loads(said)

    assert (shape["ok"], shape["scope"], shape["versions"], shape["checked"]) == (False, None, 3, 3)
    assert shape["invalid"] == shape["weak"] == shape["not_checked"] == []
    assert [(one["version"], one["path"]) for one in shape["problems"]] == [
        ("model/churn:v1", "model.bin"),
        ("model/churn:v0", "model.bin"),
    ]
    assert shape["problems"][0]["problem"] == "missing"
    assert shape["problems"][0]["uri"].startswith("memory://acme/sha256/")


def test_what_cannot_be_asked(churn):
    assert churn.error("verify", "model/churm", code=5)["hint"] == "did you mean model/churn?"
    assert churn.error("verify", "--jobs", "0", code=2)["kind"] == "usage"
