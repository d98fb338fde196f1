"""Searches as they are typed, and what they print."""

import pytest


@pytest.fixture
def described(churn):
    """Churn models and the data they were made from, described by somebody."""
    churn.write("../card.md", "# Churn\n\nWho will leave,\nand when.\n")
    churn("edit", "model/churn", "--title", "Customers who leave", "--card", "../card.md")
    churn("annotate", "model/churn:v0", "auc=0.931", "metadata.reviewed_by=risk")
    return churn


STORY = {
    "search-words": ["search", "churn"],
    "search-where": [
        "search",
        "--where",
        "metrics.auc > 0.9 and metrics.loss != 3",
        "--order",
        "metrics.auc",
    ],
    "search-versions": ["search", "--kind", "version"],
    "search-collections": ["search", "--kind", "collection", "leave"],
    "search-registries": ["search", "--kind", "registry"],
}


@pytest.mark.parametrize("name", STORY)
def test_json(described, golden, name):
    golden(f"{name}.json", described(*STORY[name], "--json"))


@pytest.mark.parametrize("name", STORY)
def test_text_in_a_pipe(described, golden, name):
    golden(f"{name}.pipe.txt", described(*STORY[name]))


@pytest.mark.parametrize("name", STORY)
def test_text_on_a_terminal(described, golden, name, terminal):
    golden(f"{name}.terminal.txt", described(*STORY[name]))


def test_a_version_is_what_show_says_without_its_files(described):
    (found,) = described.json("search", "--alias", "staging")
    shown = described.json("show", "model/churn:staging")

    assert found.pop("kind") == "version"
    assert found.pop("file_count") == len(shown.pop("files"))
    assert found == shown


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        (["--tag", "eu"], ["model/churn:v0"]),
        (["--tag", "eu", "--tag", "us"], []),
        (["--alias", "latest", "--where", "type = model"], ["model/churn:v1"]),
        (["--where", "number < 1", "--where", "type = model"], ["model/churn:v0"]),
        (
            ["--filter", '{"$or": [{"tag": "eu"}, {"type": "dataset"}]}'],
            ["model/churn:v0", "dataset/customers:v0"],
        ),
        (
            ["--kind", "version", "--order", "size"],
            ["model/churn:v0", "model/churn:v1", "dataset/customers:v0"],
        ),
        (["--order", "-linked_at", "--limit", "1", "--offset", "1"], ["model/churn:v0"]),
        (["october"], ["model/churn:v0"]),
        (['"on october"', "TRAINED"], ["model/churn:v0"]),
        (["--kind", "collection", "--alias", "staging"], ["model/churn"]),
        (["nothing", "like", "this"], []),
    ],
)
def test_what_is_typed(churn, words, paths):
    assert [one["path"] for one in churn.json("search", *words)] == paths


def test_people_are_told_that_there_is_more(described, terminal):
    described("search", "--kind", "version", "--limit", "1", "--order", "size")
    assert described.err == "1 row of 3\n"
    described("search", "--kind", "version")
    assert described.err == ""


def test_the_words_are_shown_where_they_stand(described):
    assert (
        described("search", "when.") == "collection\tmodel/churn\tcard: # churn who will leave, and when.\n"
    )


def test_what_cannot_be_read_is_a_row_that_says_so(described, git):
    (document,) = (described.directory / "dataset/customers/versions").glob("*.yaml")
    document.write_text("format: 1\nnonsense\n")
    git(described.directory, "commit", "-q", "-a", "-m", "Break")

    assert "\tunreadable: dataset/customers/versions/" in described("search", "--where", "registry = dataset")
    (found,) = described.json("search", "--where", "registry = dataset")
    assert (found["path"], found["digest"]) == ("dataset/customers:v0", None)
    assert found["problem"].startswith("dataset/customers/versions/")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--where", "metrix.auc > 3"], "a version has no field 'metrix.auc'"),
        (["--kind", "registry", "--tag", "eu"], "a registry has no field 'tag'"),
        (["--filter", "{"], "not JSON at line 1, column 2"),
        (["--order", "sise"], "can't sort by 'sise'"),
        (["--kind", "run"], "invalid value for '--kind'"),
        (["--limit", "-1"], "invalid value for '--limit'"),
    ],
)
def test_what_cannot_be_asked(churn, words, message):
    error = churn.error("search", *words, code=2)

    assert error["message"].startswith(message)
    assert error["hint"]


def test_an_unknown_field_is_answered_with_the_fields_the_nearest_first(churn):
    churn("search", "--where", "metrix.auc > 3", code=2)

    error, hint = churn.err.splitlines()
    assert error == "error: where: metrix.auc: a version has no field 'metrix.auc'"
    assert hint.startswith("hint: did you mean 'metrics'? fields: version number id digest artifact ")
    assert hint.endswith(" size metrics.<key> metadata.<key> run source")


def test_an_order_is_kept_in_json(churn):
    found = churn.json("search", "--order", "-metrics.auc", "--limit", "2")

    assert [one["metrics"]["auc"] for one in found] == [0.95, 0.93]
