"""Searches as they are typed, and what they print."""

import pytest

from .once import once


@once
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
    for words in (["--order", "size"], []):
        described("search", "--kind", "version", "--limit", "1", *words)
        assert described.err == "1 row; there are more\n"
    described("search", "--kind", "version", "--limit", "3")
    assert described.err == ""
    described("search", "--kind", "version", "--offset", "1", "--limit", "2")
    assert described.err == ""


def test_people_are_told_that_there_is_nothing(churn, terminal):
    for words in (["leaving"], ["--where", "number > 7"], ["--kind", "collection", "leaving"]):
        assert churn("search", *words) == ""
        assert churn.err == "nothing found\n"


def test_a_pipe_is_told_nothing_of_it(churn):
    assert churn("search", "leaving") == ""
    assert churn.err == ""


DOUBTS = {
    "metrics.acu >= 0.9": "no version has metrics.acu; did you mean metrics.auc?",
    "metadata.auc >= 0.9": "no version has metadata.auc; did you mean metrics.auc?",
    "metadata.Framework = xgboost": "no version has metadata.Framework; did you mean metadata.framework?",
    "metrics.zzz != 3": "no version has metrics.zzz",
    "tag = EU": "no version has the tag EU; did you mean eu?",
    "alias in [productoin, stagin]": "no version has the alias stagin; did you mean staging?",
}


@pytest.mark.parametrize("clause", DOUBTS)
def test_what_no_version_ever_had_may_be_mistyped(churn, clause):
    churn("search", "--where", clause)

    assert DOUBTS[clause] in churn.err.splitlines()


@pytest.mark.parametrize(
    "clause", ["metrics.auc > 7", "metrics.loss < 3", "metadata.framework = x", "tag = eu and alias = latest"]
)
def test_what_some_version_has_is_not_doubted(churn, clause):
    assert churn("search", "--where", clause) == ""
    assert churn.err == ""


def test_doubts_are_no_part_of_json(churn):
    assert churn.json("search", "--tag", "EU") == []
    assert churn.err == ""


def test_an_order_by_what_no_version_has_is_refused(churn):
    error = churn.error("search", "--order", "-metrics.acu", code=2)
    assert (error["message"], error["hint"]) == ("no version has metrics.acu", "did you mean metrics.auc?")

    error = churn.error("search", "--order", "metadata.zzz", code=2)
    assert error["hint"] == "there are metrics.auc, metadata.framework"


def test_a_metric_s_own_name_is_answered_with_what_it_is_called(churn):
    for words in (["--where", "auc > 0.9"], ["--order", "-auc"]):
        hint = churn.error("search", *words, code=2)["hint"]
        assert hint.startswith("did you mean metrics.auc or metadata.auc? fields: ")


def test_a_selector_is_for_show(churn):
    digits = churn.json("show", "model/churn:v1")["id"][:8]
    for word in (digits, f"model/churn@{digits}"):
        assert churn("search", word) == ""
        assert churn.err == f"`git registry show model/churn@{digits}` shows it\n"
    churn("search", "model/churn:staging")
    assert churn.err == "`git registry show model/churn:staging` shows it\n"
    for word in ("model/churn:v9", "deadbeef", "model:v1"):
        churn("search", word)
        assert churn.err == ""


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
