"""What benchmarks measure on is an organization like any other: every step of it follows the format."""

from __future__ import annotations

import re
from collections import Counter

from tests.benchmarks.generated import generate
from tests.sdk.desk import Desk

from git_registry.index.numbers import numbers
from git_registry.model.layout import SPREAD_FROM
from git_registry.sdk.checking import checked

from .keyboard import Keyboard, problems


def test_git_and_check_find_nothing_in_any_step(tmp_path):
    generate(tmp_path / "acme", versions=1_000, collections=10)
    acme = Keyboard(tmp_path / "acme")

    assert problems(acme.git("fsck", "--full", "--strict", "--no-dangling")) == []
    assert acme("check").startswith("Nothing wrong in ")
    assert Desk(acme.path)(checked, "..HEAD").problems == ()


def test_everything_happens_in_it(tmp_path):
    collections = generate(tmp_path / "acme", versions=1_000, collections=10)
    desk = Desk(tmp_path / "acme")

    happened = Counter(subject.split()[0] for subject in desk.log())
    assert happened["Create"] == 1 + len(collections)
    assert happened["Link"] == 1_000
    assert min(happened[verb] for verb in ("Annotate", "Promote", "Unlink")) > 0
    assert {"staging", "production", "champion"} <= desk.aliases(collections[0]).keys()
    with desk.open() as catalog:
        now = catalog.now()
        manifests = [now.manifest(place) for place in now.versions(collections[0]).values()]
    assert any(manifest.inputs for manifest in manifests)
    assert len(manifests[0].metrics) == 10


def test_promotions_name_the_numbers_that_are_counted(tmp_path):
    (only,) = generate(tmp_path / "acme", versions=200, collections=1, per_commit=3)
    desk = Desk(tmp_path / "acme")

    taken = desk(lambda catalog: numbers(catalog).of(only))
    promoted = re.findall(rf"Promote {only} v(\d+) to production", "\n".join(desk.log()))
    moved = desk.open().repository.git(
        *("log", "-p", "--format=", "--grep=^Promote", "--", f"{only}/aliases/production.yaml")
    )
    targets = re.findall(r"^\+version: \"?([0-9a-f]+)", moved.text, re.MULTILINE)
    assert promoted
    assert [taken[target].number for target in targets] == [int(number) for number in promoted]


def test_a_crowded_collection_is_spread(tmp_path):
    (only,) = generate(tmp_path / "acme", versions=SPREAD_FROM + 100, collections=1)
    desk = Desk(tmp_path / "acme")

    places = [path for path in desk.files(f"{only}/versions") if not path.endswith(".notes.yaml")]
    depths = Counter(path.count("/") for path in places)
    assert min(depths[3], depths[4]) > 50
    assert Keyboard(desk.path)("check").startswith("Nothing wrong in ")
