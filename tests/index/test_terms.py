"""The terms of an alias: at every step, what a verb that was asked then says."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.index import naive
from tests.index.test_numbers import rename

from git_registry.errors import RegistryError
from git_registry.index.events.renames import known_as, renames
from git_registry.index.events.stretches import Stretch, common, joined
from git_registry.index.events.terms import departures, terms
from git_registry.index.opening import ask
from git_registry.sdk import aliasing, linking, listing, managing
from git_registry.sdk.managing import Description

CHURN, LEAVERS = "model/churn", "model/leavers"
DOCUMENT = "model/churn/aliases/staging.yaml"
BROKEN = "format: 1\nversion: [\n"


@pytest.fixture
def commit(desk, git):
    """Commit all that was done by hand."""

    def run():
        git(desk.path, "add", "--all")
        git(desk.path, "commit", "-q", "--allow-empty", "-m", "By hand")

    return run


@pytest.fixture
def write(desk, commit):
    """Commit another text of a document, by default the alias's; None is no file."""

    def run(text, path=DOCUMENT):
        place = desk.path / path
        was = place.read_text() if place.exists() else None
        if text is None:
            place.unlink()
        else:
            place.write_text(text)
        commit()
        return was

    return run


def told(catalog, path, alias="staging", **options):
    return ask(catalog, lambda moment: terms(moment, catalog, path, alias, **options))


def shown(catalog, commit, path):
    """Return what `show` says that staging was as of a commit."""
    catalog.commit = commit
    try:
        return listing.show(catalog, f"{path}:staging").id
    except RegistryError:
        return None


def hold_the_law(desk, *paths):
    """Compare terms with what was shown at each step of the line; return them as versions."""
    with desk.open() as catalog:
        line = [commit for commit, _ in naive.line(catalog)]
        tip = catalog.tip()
        for path in paths:
            catalog.commit = tip
            found = told(catalog, path)
            for last in (0, 1, 3):
                assert told(catalog, path, last=last) == found[len(found) - min(last, len(found)) :]
            known = ask(catalog, lambda moment, path=path: known_as(path, renames(moment)))
            for position, commit in enumerate(line):
                held = {one.version for one in found if covers(one, position)}
                names = [one for one, last in known.items() if position <= last]
                said = {shown(catalog, commit, one) for one in names} - {None}
                began = bool(found) and found[0].since.position <= position
                assert held == (said or ({None} if began else set())), (path, position)
    return [one.version for one in found]


def covers(term, position):
    return term.since.position <= position and (term.until is None or position < term.until.position)


def test_terms_go_from_one_step_to_the_next(desk, git):
    def head():
        return git(desk.path, "rev-parse", "HEAD")

    desk.link("one", aliases=["staging"])
    commits = [head()]
    for verb, *args in (
        (aliasing.promote, ["model/churn:v0"], "production"),
        (aliasing.remove, CHURN, ["staging"]),
        (aliasing.promote, ["model/churn:v0"], "staging"),
    ):
        desk(verb, *args)
        commits.append(head())

    found = desk(told, CHURN)
    added, _, removed, again = commits
    assert [one.since.commit for one in found] == [added, removed, again]
    assert [one.until and one.until.commit for one in found] == [removed, again, None]
    assert [one.since.subject for one in found][1:] == [
        *("Remove staging from model/churn", "Promote model/churn v0 to staging")
    ]


def test_a_term_ends_where_the_document_breaks_and_begins_again_where_it_is_mended(desk, write):
    one = desk.link("one", aliases=["staging"]).id
    was = write(BROKEN)
    desk.link("two")
    write(was)
    write(f"# why\n{was}")
    write(BROKEN)
    write(None)

    assert hold_the_law(desk, CHURN) == [one, None, one, None]


def test_broken_and_mended_with_another_version(desk, write):
    one, two = desk.link("one", aliases=["staging"]).id, desk.link("two").id
    was = write(BROKEN)
    write(was.replace(one, two))

    assert hold_the_law(desk, CHURN) == [one, None, two]


def test_a_document_that_is_not_a_plain_file(desk, git, commit):
    one = desk.link("one").id
    (desk.path / "model/churn/aliases").mkdir()
    (desk.path / DOCUMENT).write_text(f"format: 1\nversion: {one}\n")
    (desk.path / DOCUMENT).chmod(0o755)
    commit()
    for mode in (0o644, 0o755, 0o644):
        (desk.path / DOCUMENT).chmod(mode)
        commit()

    assert hold_the_law(desk, CHURN) == [one, None, one]


def test_one_that_never_named_a_version_has_no_terms(desk, write):
    desk.link("one", aliases=["other"])
    write("format: 1\nversion: 0123456789abcdef0123456789abcdef\n")
    write(BROKEN)

    assert hold_the_law(desk, CHURN) == []


def test_a_version_that_is_not_linked(desk, git, commit):
    one, two = desk.link("one", aliases=["staging"]).id, desk.link("two").id
    desk.promote("model/churn:v1", "staging")
    (desk.path / "model/churn/unlinked").mkdir()
    manifests = [f"model/churn/{place}/{two}.yaml" for place in ("versions", "unlinked")]
    git(desk.path, "mv", *manifests)
    commit()
    git(desk.path, "mv", *manifests[::-1])
    commit()

    assert hold_the_law(desk, CHURN) == [one, two, None, two]


def test_a_manifest_that_moves_to_a_directory_of_its_own_is_linked_all_the_while(desk, git, commit):
    one = desk.link("one", aliases=["staging"]).id
    (desk.path / f"model/churn/versions/{one[:2]}").mkdir()
    git(desk.path, "mv", f"model/churn/versions/{one}.yaml", f"model/churn/versions/{one[:2]}/{one}.yaml")
    commit()

    assert hold_the_law(desk, CHURN) == [one]


def test_removed_unlinked_deleted_and_made_anew(desk):
    one = desk.link("one", aliases=["staging"]).id
    desk(aliasing.remove, CHURN, ["staging"])
    desk.promote("model/churn:v0", "staging")
    desk(linking.unlink, ["model/churn:v0"])
    two = desk.link("two", aliases=["staging"]).id
    desk(managing.delete, CHURN)
    desk.link("two", aliases=["staging"])

    assert hold_the_law(desk, CHURN) == [one, None, one, None, two, None, two]


def test_a_registry_or_a_collection_whose_document_goes_and_comes_back(desk, write):
    one = desk.link("one", aliases=["staging"]).id
    for path in ("model/registry.yaml", "model/churn/collection.yaml"):
        was = write(None, path)
        write(f"{was}# the same\n", path)
        write(was, path)

    assert hold_the_law(desk, CHURN) == [one, None, one, None, one]


def test_an_alias_that_moves_while_its_registry_is_not_there(desk, write):
    one, two = desk.link("one", aliases=["staging"]).id, desk.link("two").id
    registry = write(None, "model/registry.yaml")
    alias = write(f"format: 1\nversion: {two}\n")
    write(registry, "model/registry.yaml")
    assert hold_the_law(desk, CHURN) == [one, None, two]

    write(alias)
    assert hold_the_law(desk, CHURN) == [one, None, two, one]


def test_a_description_ends_no_term(desk):
    one = desk.link("one", aliases=["staging"]).id
    desk(managing.edit, CHURN, Description(title="Churn"))
    desk(managing.edit, "model", Description(title="Ours"))

    assert hold_the_law(desk, CHURN) == [one]


def left(desk, path=CHURN):
    def ends(catalog):
        return ask(catalog, lambda moment: departures(moment, path, "staging"))

    return [(one.step.subject, one.collection) for one in desk(ends)]


def test_renamed_and_renamed_back(desk, git):
    one = desk.link("one", aliases=["staging"]).id
    rename(desk, git, CHURN, LEAVERS)
    assert hold_the_law(desk, LEAVERS) == [one]
    assert hold_the_law(desk, CHURN) == [one, None]
    assert left(desk) == [("Rename model/churn to model/leavers", LEAVERS)]
    rename(desk, git, LEAVERS, CHURN)

    assert hold_the_law(desk, LEAVERS, CHURN) == [one]
    assert left(desk) == []


def test_a_rename_that_was_reverted_says_where_it_was_meanwhile(desk, git):
    one = desk.link("one", aliases=["staging"]).id
    rename(desk, git, CHURN, LEAVERS)
    git(desk.path, "revert", "--no-edit", "HEAD")

    assert hold_the_law(desk, LEAVERS, CHURN) == [one, None, one]
    assert left(desk) == [("Rename model/churn to model/leavers", LEAVERS)]


def test_an_alias_that_was_gone_when_its_collection_was_renamed_went_nowhere(desk, git):
    desk.link("one", aliases=["staging"])
    desk(aliasing.remove, CHURN, ["staging"])
    rename(desk, git, CHURN, LEAVERS)

    assert left(desk) == []


def test_what_moves_in_the_step_that_renames(desk, git):
    one, two = desk.link("one", aliases=["staging"]).id, desk.link("two").id
    rename(desk, git, CHURN, LEAVERS)
    (desk.path / "model/leavers/aliases/staging.yaml").write_text(f"format: 1\nversion: {two}\n")
    git(desk.path, "commit", "-q", "-a", "--amend", "--no-edit")
    desk.link("three", aliases=["staging"])

    assert hold_the_law(desk, CHURN, LEAVERS) == [one, two]
    assert hold_the_law(desk, CHURN)[:2] == [one, None]


def test_beyond_a_chain(desk, git, write):
    one = desk.link("one", aliases=["staging"]).id
    desk(told, CHURN)
    git(desk.path, "switch", "-q", "-c", "proposal")
    was = write(BROKEN)
    write(was)
    rename(desk, git, CHURN, LEAVERS)

    assert hold_the_law(desk, CHURN, LEAVERS) == [one, None, one]
    git(desk.path, "switch", "-q", "main")
    assert hold_the_law(desk, CHURN) == [one]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_by_hand(desk, git, commit, seed):
    ids = [desk.link(text).id for text in ("one", "two")]
    chance = random.Random(seed)
    texts = [None, BROKEN, *(f"format: 1\nversion: {one}\n" for one in ids)]
    places = {"model/registry.yaml": None, "model/churn/collection.yaml": None}
    places |= {f"model/churn/versions/{one}.yaml": None for one in ids}
    for _ in range(24):
        path = chance.choice([DOCUMENT, DOCUMENT, *places])
        place = desk.path / path
        text = chance.choice(texts) if path == DOCUMENT else places[path]
        places[path] = place.read_text() if place.exists() and path != DOCUMENT else None
        place.parent.mkdir(exist_ok=True)
        if text is None:
            place.unlink(missing_ok=True)
        else:
            place.write_text(text)
            place.chmod(chance.choice([0o644, 0o644, 0o755]))
        commit()

    hold_the_law(desk, CHURN)


STRETCHES = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 4)).map(lambda one: Stretch(one[0], sum(one)))
)


def positions(stretches):
    return {at for one in stretches for at in range(one.since, one.until)}


@given(STRETCHES, STRETCHES)
@settings(deadline=None)
def test_stretches_are_sets_of_positions(some, others):
    found = joined(some)

    assert positions(found) == positions(some)
    assert all(one.until < other.since for one, other in itertools.pairwise(found))
    assert positions(common(some, others)) == positions(some) & positions(others)
