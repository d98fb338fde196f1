"""Versions side by side, and one metric over all of them, as they are printed."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.cli.sparkline import BARS, GAP, sparkline

from .once import once


@once
def models(churn):
    """Three models: the second has more files and another framework, the third was not measured."""
    churn.write("../customers.csv", "customer,left\n1,0\n2,1\n")
    churn("link", "../customers.csv", "dataset/customers")
    churn.write("../model/model.bin", "weights")
    churn.write("../model/card.md", "# Churn\n")
    churn(
        *("link", "../model", "model/churn", "--input", "dataset/customers:v1", "--metric", "auc=0.912"),
        *("--metric", "loss=.nan", "--metadata", "framework=torch", "--metadata", "optimizer={name: adam}"),
        *("--alias", "production"),
    )
    churn.write("../model.bin", "no better")
    churn("link", "../model.bin", "model/churn")
    return churn


STORY = {
    "compare": ["compare", "model/churn:staging", "model/churn:production"],
    "compare-all": ["compare", "model/churn:staging", "model/churn:production", "model/churn", "--all"],
    "compare-collections": ["compare", "model/churn:v0", "dataset/customers:v1"],
    "compare-metric": ["compare", "model/churn", "--metric", "auc"],
}


@pytest.mark.parametrize("name", STORY)
def test_json(models, golden, name):
    golden(f"{name}.json", models(*STORY[name], "--json"))


@pytest.mark.parametrize("name", STORY)
def test_text_in_a_pipe(models, golden, name):
    golden(f"{name}.pipe.txt", models(*STORY[name]))


@pytest.mark.parametrize("name", STORY)
def test_text_on_a_terminal(models, golden, name, terminal):
    golden(f"{name}.terminal.txt", models(*STORY[name]))


@pytest.mark.parametrize("words", STORY.values())
def test_in_a_pipe_all_rows_have_the_same_fields(models, words):
    rows = models(*words).splitlines()

    assert len({row.count("\t") for row in rows}) == 1


def test_what_is_the_same_says_so(models):
    assert models("compare", "model/churn:v0", "model/churn:staging").splitlines() == [
        "version\t\tmodel/churn:v0\tmodel/churn:v0\t"
    ]
    assert models.err == "nothing differs; --all shows what is the same\n"


def test_many_files_are_cut_for_people_alone(models, terminal, monkeypatch):
    for number in range(150):
        models.write(f"../model/{number:03}.txt", f"{number}")
    models("link", "../model", "model/churn")

    shown = models("compare", "model/churn:v2", "model/churn:latest")
    whole = models("compare", "model/churn:v2", "model/churn:latest", "--all")

    assert shown.splitlines()[-1] == "… and 130 more files; --all shows them"
    assert shown.count(".txt") == 20
    assert whole.count(".txt") == 150
    assert "files.card.md" in whole
    assert "files.card.md" not in shown
    assert len(models.json("compare", "model/churn:v2", "model/churn:latest")["files"]) == 150
    assert len(models.json("compare", "model/churn:v2", "model/churn:latest", "--all")["files"]) == 152


def test_text_of_others_stays_in_its_cell(churn, terminal):
    churn("annotate", "model/churn:v0", r'metadata.note="a\tb\nc"', f"metadata.long='{'x ' * 60}'")

    lines = churn("compare", "model/churn:v0", "model/churn:v1").splitlines()

    assert any("a b c" in line for line in lines)
    assert max(map(len, lines)) <= 100


def test_a_list_that_cannot_be_read_leaves_the_rest(acme, monkeypatch):
    from fsspec.implementations.memory import MemoryFileSystem

    for number in range(101):
        acme.write(f"../many/{number:03}.txt", f"{number}")
    acme("link", "../model.bin", "model/churn", "--metric", "auc=0.5")
    acme("link", "../many", "model/churn", "--metric", "auc=0.75")
    MemoryFileSystem.store.clear()
    monkeypatch.setenv("GIT_REGISTRY_CACHE", str(acme.directory / "../none"))

    assert "metrics\tauc\t0.5\t0.75\t+0.25\n" in acme("compare", "model/churn:v0", "model/churn:v1")
    assert acme.err.startswith("the files are not compared: model/churn:v1: ")
    answer = acme.json("compare", "model/churn:v0", "model/churn:v1")
    assert (answer["files"], answer["file_counts"]) == (None, None)
    assert answer["problem"].startswith("model/churn:v1: ")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["compare"], 2),
        (["compare", "model/churn:v0"], 2),
        (["compare", "model/churn:v0", "model"], 2),
        (["compare", "model/churn", "model/churn:v0", "--metric", "auc"], 2),
        (["compare", "model/churn:v0", "--metric", "auc"], 2),
        (["compare", "model/churn", "--metric", "auc", "--goal", "more"], 2),
        (["compare", "model/churn:v0", "model/churn:v9"], 5),
        (["compare", "model/churn", "--metric", "aux"], 5),
    ],
)
def test_what_goes_wrong_has_its_code(churn, words, code):
    assert churn.error(*words, code=code)["message"]


# Bars


def test_bars_rise_with_the_numbers():
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7]) == BARS
    assert sparkline([3, None, 1.0, math.nan, 2, math.inf]) == "█ ▁ ▅ "
    assert sparkline([5, 5]) == "▄▄"
    assert sparkline([None]) == GAP
    assert sparkline([]) == ""


@given(st.lists(st.none() | st.floats() | st.integers(-(2**63), 2**63 - 1)))
def test_bars_keep_the_order(values):
    bars = sparkline(values)

    finite = [(value, bar) for value, bar in zip(values, bars, strict=True) if bar != GAP]
    assert len(finite) == sum(value is not None and math.isfinite(value) for value in values)
    heights = [BARS.index(bar) for _, bar in sorted(finite)]
    assert heights == sorted(heights)
    if len({value for value, _ in finite}) > 1:
        assert (heights[0], heights[-1]) == (0, len(BARS) - 1)
