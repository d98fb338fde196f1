"""The page of one version."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.sdk import recorded
from tests.sdk.recorded import by, manifest, record, run
from tests.web.reading import Read

from git_registry.model import layout
from git_registry.model.digest import Digest
from git_registry.model.documents.manifest import Code, FileList, Input
from git_registry.model.documents.notes import Notes
from git_registry.model.documents.run import History
from git_registry.model.edits.version import Addition
from git_registry.sdk import noting, protecting
from git_registry.web import values
from git_registry.web.version import files

SCRIPT = "<script>alert(1)</script>"
FILES = {"a.txt": "a", "deep/down/x'y.txt": "x", "deep/z.txt": "zz", "weights/model.bin": "weights"}


@pytest.fixture(scope="module")
def browser(browse):
    """Two versions of a model, of which the second has all that a version can have."""
    made = browse()
    desk = made.desk
    desk.link("customers", "dataset/customers", aliases=["gold"])
    desk.link("first", metrics={"auc": 0.75, "loss": 0.5, "old": 1})
    desk.link(
        FILES,
        metrics={"auc": 0.5, "loss": math.nan, "gap": math.inf},
        metadata={
            "optimizer": {"name": "sgd", "rate": 0.1},
            "html": SCRIPT,
            "long": "word " * 200,
            "empty": {},
        },
        aliases=["production", "eu"],
        tags=["tabular"],
        description=f"Better. {SCRIPT}",
        inputs=["dataset/customers:v0", "s3://raw/2026/"],
    )
    desk(protecting.protect, "model", "production")
    for text in ("live", "next", "last"):
        desk.link(text, "model/churn-us", aliases=["production"] if text == "live" else ["eu"])
    addition = Addition(metrics={"auc": 0.8, "fair": 0.1}, metadata={"reviewed_by": "risk", "html": "none"})
    desk(noting.annotate, ["model/churn:v1"], addition)
    return made


@pytest.fixture(scope="module")
def page(browser):
    return browser.look("model/churn/v1/")


def of(page, *cells):
    """Return the rows of a page's tables that begin like this."""
    return [row for row in page.rows if row[: len(cells)] == [*cells]]


def test_its_head_says_what_it_is_called_and_by_whom_it_was_linked(page):
    assert "model/churn:v1" in page.words
    assert "protected production" in page.words
    assert "Linked" in page.words
    assert "by Ada Lovelace" in page.words


def test_it_links_to_what_it_was_made_from(page):
    assert page.links["dataset/customers:v0"] == "../../../dataset/customers/v0/"
    assert "Used s3://raw/2026/" in page.words


def test_metrics_stand_beside_those_of_the_version_before(page):
    assert of(page, "auc") == [["auc", "0.8", "0.75", "+0.05", "notes the manifest says 0.5"]]
    assert of(page, "loss") == [["loss", "NaN", "0.5", "", "manifest"]]
    assert of(page, "gap") == [["gap", "Infinity", "–", "", "manifest"]]
    assert of(page, "old") == [["old", "–", "1", "", "not measured here"]]
    assert of(page, "fair") == [["fair", "0.1", "–", "", "notes"]]


def test_it_is_compared_with_the_version_before_it_and_with_those_of_protected_aliases(browser):
    def offered(version):
        page = browser.look(f"model/churn-us/{version}/")
        asked = [*page.named("button"), *page.named("input")]
        return [one["value"] for one in asked if one.get("name") == "v"]

    assert offered("v2") == ["model/churn-us:v1", "model/churn-us:v0", "model/churn-us:v2"]
    assert offered("v1") == ["model/churn-us:v0", "model/churn-us:v1"]
    assert offered("v0") == []


def test_metadata_says_what_was_added_later_however_deep_it_lies(page):
    assert of(page, "optimizer.rate") == [["optimizer.rate", "0.1"]]
    assert of(page, "reviewed_by") == [["reviewed_by", "risk notes"]]
    assert of(page, "html") == [["html", f"none notes the manifest says {SCRIPT}"]]
    assert of(page, "empty") == [["empty", "{}"]]


def test_what_somebody_wrote_does_nothing(page):
    assert SCRIPT in page.words
    assert all("src" in one or one.get("type") == "application/json" for one in page.named("script"))
    assert not [
        one for _, attributes in page.elements for one in attributes if one.startswith(("on", "style"))
    ]


def test_files_stand_below_their_folders_with_what_downloads_them(page):
    names = [row[0] for row in page.rows if row[1:2] and row[1].endswith(" B")]

    assert names == ["deep", "down", "x'y.txt", "z.txt", "weights", "model.bin", "a.txt"]
    assert """download model/churn:v1 './x'"'"'y.txt' '--path=deep/down/x'"'"'y.txt'""" in page.words
    assert of(page, "deep") == [["deep", "3 B", "2 files", ""]]


@pytest.mark.parametrize(
    "text",
    [
        'run.use_artifact("model/churn:v1")',
        'as run: directory = run.use_artifact("wandb-registry-model/churn:v1").download()',
        "git registry download model/churn:v1 churn",
        "git registry resolve model/churn:v1",
        "git registry verify model/churn:v1",
        '"registry://model/churn:v1/weights/model.bin"',
        "model/churn:eu",
    ],
)
def test_what_is_to_be_pasted_names_it(page, text):
    assert text in page.words


def test_whoever_pastes_it_elsewhere_is_told_where_the_organization_is(browser, page):
    config = browser.desk.path / ".git" / "config"
    before = config.read_text()
    config.write_text(f"{before}\n[registry]\n\turl = https://ada:secret@git.example/acme.git\n")
    there = browser.look("model/churn/v1/")
    config.write_text(before)

    assert "export GIT_REGISTRY=https://git.example/acme.git" in there.words
    assert "GIT_REGISTRY holds its URL" in page.words
    assert "export GIT_REGISTRY" not in page.words


def test_its_history_is_its_own(page):
    assert "Linked model/churn:v1" in page.words
    assert "model/churn:production is v1" in page.words
    assert "Linked model/churn:v0" not in page.words


@pytest.mark.parametrize("name", ["production", "latest", "v1%3F"])
def test_other_names_of_it_lead_to_its_page(browser, name):
    moved = browser.ask(f"model/churn/{name}/", at="2026-01-02")

    assert (moved.status, moved.location) == (302, "../v1/?at=2026-01-02")


@pytest.mark.parametrize(
    "path", ["model/churn/v2/", "model/churn/nobody/", "secret/churn/v0/", "model/none/v0/"]
)
def test_what_is_not_there_says_so(browser, path):
    assert browser.ask(path).status == 404


def test_whoever_looks_back_sees_it_as_it_was(browser):
    before = browser.look("model/churn/v1/", at="main~1")

    assert "reviewed_by" not in before.words
    assert of(before, "auc")[0][1] == "0.5"


@pytest.fixture(scope="module")
def strange(browse):
    """Versions as other programs may have written them, and a project's."""
    made = browse()
    plots = History(uri="file:///store/none", digest=Digest.of(b"none"), rows=3)
    listed = replace(
        manifest("listed"),
        files=None,
        file_list=FileList(uri="file:///nowhere", digest=Digest.of(b"x"), count=300),
    )
    weak = [Input(uri=f"s3://raw/{number}") for number in range(30)]
    code = Code(commit="4be1" * 10, path="train.py", args=("--fast",))
    record(
        made.desk,
        "main",
        recorded.collection_at("model/churn"),
        recorded.version_at("model/churn", listed),
        recorded.version_at(
            "model/churn",
            manifest("many", inputs=tuple(weak), run=by("r1"), code=code),
        ),
    )
    record(made.desk, "main", {f"model/churn/versions/{'0' * 32}.yaml": b"format: 1\nnonsense: [\n"}, later=1)
    record(
        made.desk,
        "projects/churn",
        recorded.project_at("churn"),
        *(
            recorded.collection_at("churn/xgb"),
            recorded.version_at("churn/xgb", manifest("many", run=by("r1"))),
        ),
        recorded.run_at("churn", "r1", run(name="brisk", history=plots)),
    )
    return made


def numbered(browser, text):
    """Return the page of the version with this content, by its digits."""
    moved = browser.ask(f"model/churn/@{manifest(text).id}/")
    assert moved.status == 302
    return browser.look(f"model/churn/{moved.location.removeprefix('../')}")


def test_a_list_of_files_that_cannot_be_read_is_told_and_the_page_stands(strange):
    page = numbered(strange, "listed")

    assert "The list of files can't be read" in page.words
    assert "churn.bin" not in page.words
    assert "git registry download model/churn:v" in page.words


def test_all_that_it_was_made_from_is_told(strange):
    page = numbered(strange, "many")

    assert page.words.count("Used s3://raw/") == 30
    assert page.links["run churn/brisk"] == "../../../projects/churn/runs/r1/"
    assert f"{'4be1' * 10}" in page.words
    assert "train.py --fast" in page.words


def test_what_its_run_measured_is_drawn_from_the_runs_page(strange):
    page = numbered(strange, "many")
    (place,) = [one for one in page.named("div") if "data-plots" in one]

    assert place["data-source"] == "../../../projects/churn/runs/r1/curves.json"


def test_one_that_cannot_be_read_says_so(strange):
    page = strange.ask("model/churn/v2/")

    assert page.status == 200
    assert "It can't be read" in Read(page.body).words


def test_however_much_is_written_about_it_the_page_stays_short(strange):
    one = manifest("listed")
    notes = Notes(
        description=SCRIPT * 5_000,
        tags=tuple(f"tag-{number}" for number in range(5_000)),
        metrics={"<i>odd</i>": -math.inf},
    )
    record(
        strange.desk, "main", {layout.notes_path(layout.manifest_path("model/churn", one.id)): notes}, later=2
    )

    page = numbered(strange, "listed")

    assert "and 4,988 more" in page.words
    assert of(page, "<i>odd</i>")[0][1] == "-Infinity"
    assert not [one for one in page.named("script") if "src" not in one]


def test_an_artifact_of_a_project_has_the_same_page(strange):
    page = strange.look("projects/churn/xgb/v0/")

    assert "projects/churn/xgb:v0" in page.words
    assert page.links["churn"] == "../../"
    assert 'run.use_artifact("projects/churn/xgb:v0")' in page.words
    assert "wandb-registry" not in page.words


def test_more_files_and_values_than_one_reads_are_counted(browser, monkeypatch):
    monkeypatch.setattr(files, "MOST", 2)
    monkeypatch.setattr(values, "MOST", 2)

    page = browser.look("model/churn/v1/")

    assert "2 more files" in page.words
    assert "more values are in the documents below" in page.words
