"""What a search finds is what looking at everything finds."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.index import naive
from tests.index.world import World, plain
from tests.model.test_filters_laws import PLAIN, VALUES
from tests.repeating import times

from git_registry.catalog.catalog import Catalog
from git_registry.codec.canonical import encode
from git_registry.errors import InvalidDocument
from git_registry.index.opening import ask
from git_registry.index.search import finding, narrowing, ranking
from git_registry.index.search.finding import Question, find
from git_registry.index.search.narrowing import narrowed
from git_registry.model import layout
from git_registry.model.digest import Digest, list_digest
from git_registry.model.documents.alias import Alias
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.manifest import FileEntry, Manifest, ProjectVersion, RunReference
from git_registry.model.documents.notes import Notes
from git_registry.model.documents.registry import Registry
from git_registry.model.filters import VERSION, Order, matches, mentions, parse
from git_registry.repository import history
from git_registry.repository.repository import Repository

PLACES = ("model/churn", "model/fraud", "dataset/churn", "dataset/x")
TAGS = ("a", "ab", "b", "1")
METRICS = (0, 1, 1.0, 2, -1.5, float("nan"), float("inf"), 2**63 - 1, -(2**63))


def made(chance):
    """Return metadata and metrics, some of them odd."""
    values = [0, 1, 1.0, -1.5, True, None, "a", "ab", "1", "", [1, "a"], [], {}, {"y": 1}, [{"y": "a"}, 2]]
    metadata = {key: chance.choice(values) for key in ("x", "x.y", "0") if chance.random() < 0.6}
    metrics = {key: chance.choice(METRICS) for key in ("auc", "val.auc") if chance.random() < 0.6}
    return {"metadata": metadata, "metrics": metrics}


def manifest(number, chance):
    digest = Digest.of(b"%d" % number)
    entry = FileEntry(path="model.bin", size=number % 5, digest=digest, uri=f"file:///store/{digest.value}")
    return Manifest(
        artifact=chance.choice(["churn-Xgb", "net"]),
        type="model",
        digest=list_digest([(entry.path, entry.digest, entry.uri)]),
        size=number % 5,
        created=f"2026-01-0{1 + number % 4}T00:00:00.000Z",
        files=(entry,),
        run=run(number) if number % 2 else None,
        source=source(number) if number % 3 else None,
        **made(chance),
    )


def run(number):
    return RunReference(project="churn", id=f"r{number % 7}", name="a/r3" if number % 5 == 0 else None)


def source(number):
    version = Digest.of(b"%d" % (number % 4)).value[:32]
    return ProjectVersion(project="churn", artifact=f"a{number % 2}", version=version)


def noted(chance):
    tags = tuple(tag for tag in TAGS if chance.random() < 0.3)
    return encode(Notes(description=chance.choice([None, "Straße", "a b"]), tags=tags, **made(chance)))


def happen(files, chance, known):
    """Change something in one collection, as a commit would."""
    place = chance.choice(PLACES)
    linked = [path for path in files if path.startswith(f"{place}/versions/") and ".notes" not in path]
    files.setdefault(
        f"{place}/collection.yaml", plain(encode(Collection(type="model", tags=("t",), title=place.upper())))
    )
    what = chance.choice(("link", "link", "link", "note", "note", "alias", "unlink", "card", "break", "edit"))
    if what == "link":
        for _ in range(chance.choice((1, 1, 3))):
            identifier, document = chance.choice(known)
            if not any(identifier in path for path in files if path.startswith(place)):
                path = layout.manifest_path(place, identifier, spread=chance.random() < 0.3)
                files[path] = plain(document)
    elif what == "card":
        files[f"{place}/README.md"] = plain(chance.choice(["Straße", "who LEAVES", "# b"]))
    elif what == "edit":
        files[f"{place}/collection.yaml"] = plain(encode(Collection(type="model", description="edited")))
    elif linked:
        happen_to(chance.choice(linked), files, chance, what)
    return files


def happen_to(path, files, chance, what):
    """Change something about one version."""
    place, identifier = path.partition("/versions/")[0], path.rpartition("/")[2].removesuffix(".yaml")
    notes = layout.notes_path(path)
    if what == "note" and notes in files and chance.random() < 0.3:
        del files[notes]
    elif what == "note":
        files[notes] = plain(noted(chance))
    elif what == "alias":
        alias = chance.choice(("production", "staging", "x"))
        files[f"{place}/aliases/{alias}.yaml"] = plain(encode(Alias(version=identifier)))
    elif what == "unlink":
        for one in {path, notes} & files.keys():
            files[one.replace("/versions/", "/unlinked/")] = files.pop(one)
    elif chance.random() < 0.5:
        files[chance.choice((path, notes))] = plain("format: 1\nnonsense\n")


@pytest.fixture(scope="module")
def acme(tmp_path_factory):
    """An organization in which much happened, and its moments: the tip, one before, one that no chain has."""
    chance = random.Random(7)
    world = World(tmp_path_factory.mktemp("acme"), remote=False)
    known = [(one.id, encode(one)) for one in (manifest(number, chance) for number in range(24))]
    files = dict(world.files[world.tip()])
    files["dataset/registry.yaml"] = plain(encode(Registry(title="Data", types=("model",))))
    commits = [world.commit(dict(happen(files, chance, known))) for _ in range(160)]
    world.set("side", commits[90])
    world.current = "side"
    files = dict(world.files[commits[90]])
    beyond = [world.commit(dict(happen(files, chance, known))) for _ in range(12)]
    world.current = "main"
    catalogs = [
        Catalog(
            repository=Repository.open(world.path),
            branch="main",
            commit=commit,
            clock=lambda: datetime(2026, 1, 1, tzinfo=UTC),
        )
        for commit in (None, commits[90], beyond[-1])
    ]
    yield [(catalog, list(everything(catalog))) for catalog in catalogs]
    for catalog in catalogs:
        catalog.close()


# The plain way: every fact straight from Git.


def everything(catalog):
    """Yield (path, id, facts, texts) of each linked version."""
    now, taken = catalog.now(), naive.numbers(catalog)
    steps = list(history.steps(catalog.repository, catalog.tip(), oldest_first=False))
    for path in (path for registry in now.registries() for path in now.collections(registry)):
        numbers = {one: numbered.number for one, numbered in taken.get(path, {}).items()}
        linked = now.versions(path)
        newest = max(linked, key=lambda one: numbers[one], default=None)
        pointing = {**now.aliases(path), "latest": newest}
        for identifier, place in linked.items():
            facts = {
                "registry": path.partition("/")[0],
                "collection": path.partition("/")[2],
                "id": identifier,
                "version": f"v{numbers[identifier]}",
                "number": numbers[identifier],
                "linked_at": changed(steps, place),
                "updated_at": changed(steps, place, layout.notes_path(place)),
                "alias": tuple(alias for alias, pointed in pointing.items() if pointed == identifier),
            }
            texts = []
            try:
                document = now.manifest(place)
                facts |= said(document)
                texts += [document.artifact]
                notes = now.notes(place)
                facts |= {"description": notes.description, "tag": notes.tags}
                facts |= {
                    name: {**facts.get(name, {}), **getattr(notes, name)} for name in ("metadata", "metrics")
                }
                texts += [notes.description or "", *notes.tags]
            except InvalidDocument:
                pass
            yield (
                path,
                identifier,
                {name: fact for name, fact in facts.items() if fact not in (None, (), {})},
                texts,
            )


def said(document):
    facts = {name: getattr(document, name) for name in ("artifact", "type", "size", "metadata", "metrics")}
    facts |= {"digest": str(document.digest), "created_at": document.created}
    if document.run:
        made_by = (document.run.id, f"{document.run.project}/{document.run.id}", document.run.name)
        facts["run"] = tuple(filter(None, made_by))
    if document.source:
        artifact = f"{document.source.project}/{document.source.artifact}"
        facts["source"] = (artifact, f"{artifact}@{document.source.version}")
    return facts


def changed(steps, *paths):
    """Return when one of some files last came, changed or went."""
    step = next(step for step in steps if any(change.path in paths for change in step.changes))
    return f"{step.committer.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


# Filters over what is there.

BEGINNING = f"^{manifest(3, random.Random()).id[:2]}"
TEXT = {
    "version": ["v0", "v1", "v3", "3"],
    "id": [manifest(3, random.Random()).id, "abc"],
    "digest": [str(manifest(5, random.Random()).digest), manifest(5, random.Random()).id],
    "artifact": ["net", "churn-Xgb"],
    "collection": ["churn", "x"],
    "registry": ["model", "dataset"],
    "tag": TAGS,
    "alias": ["production", "staging", "latest", "none"],
    "type": ["model"],
    "description": ["Straße", "a b"],
    "run": ["r1", "churn/r3", "a/r3", "x/r1"],
    "source": ["churn/a0", f"churn/a1@{source(1).version}", "churn/a1@x", "a1"],
    "created_at": ["2026-01-02", "2026-01-03 00:00:00"],
    "linked_at": ["2026-01-01 00:01:10", "2026-01-01 00:02:00"],
    "updated_at": ["2026-01-01 00:01:10", "2026-01-01 00:02:00"],
}
TREES = (
    "metadata.x",
    "metadata.x.y",
    "metadata.0",
    "metadata.x.0",
    "metadata.x.0.y",
)
SOME_TEXT = st.sampled_from(["", "a", "ab", "1", "\ud800"])
NUMBERS = st.sampled_from([*METRICS[:5], 3, 4, 0.5, 2**63 - 1, 10**30, float("inf")])


def conditions(values, ordered, texts=None):
    """Return what a field may be asked; `ordered` stands beside an order, `texts` may be contained."""
    return st.one_of(
        values,
        st.builds(lambda sign, one: {sign: one}, st.sampled_from(["$eq", "$ne"]), values),
        st.builds(lambda sign, one: {sign: one}, st.sampled_from(["$gt", "$gte", "$lt", "$lte"]), ordered),
        st.builds(
            lambda sign, some: {sign: some},
            st.sampled_from(["$in", "$nin", "$all"]),
            st.lists(values, max_size=3),
        ),
        st.booleans().map(lambda there: {"$exists": there}),
        st.integers(0, 3).map(lambda count: {"$size": count}),
        (ordered if texts is None else texts).map(lambda one: {"$contains": one}),
        st.sampled_from(["a", "^a$", "b?", "(?i)S", "v1", BEGINNING]).map(lambda one: {"$regex": one}),
    )


TEXT_TESTS = st.sampled_from(sorted(TEXT)).flatmap(
    lambda name: st.tuples(
        st.just(name),
        conditions(
            st.sampled_from(TEXT[name]),
            st.nothing() if name == "version" else st.sampled_from(TEXT[name]),  # versions have no order
            st.sampled_from(TEXT[name]),
        ),
    )
)
OTHER_TESTS = st.one_of(
    st.tuples(st.sampled_from(["number", "size"]), conditions(NUMBERS, NUMBERS)),
    st.tuples(st.sampled_from(TREES), conditions(VALUES, NUMBERS | SOME_TEXT)),
    st.tuples(
        st.sampled_from(["metrics.auc", "metrics.val.auc"]),
        conditions(VALUES, NUMBERS, NUMBERS | SOME_TEXT),
    ),
    st.tuples(st.just("tag"), conditions(PLAIN, st.sampled_from(["a", "1"]))),
)
TESTS = TEXT_TESTS | OTHER_TESTS
DOCUMENTS = st.recursive(
    st.lists(TESTS, max_size=3).map(dict),
    lambda inner: st.one_of(
        st.builds(
            lambda sign, parts: {sign: parts},
            st.sampled_from(["$and", "$or", "$or", "$nor"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
        inner.map(lambda one: {"$not": one}),
    ),
    max_leaves=4,
)
MOMENTS = st.sampled_from([0, 0, 1, 2])
lawful = settings(
    deadline=None, max_examples=times(100, 300), suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@lawful
@given(MOMENTS, DOCUMENTS)
@example(0, {})
@example(2, {"updated_at": {"$gt": "2026-01-01 00:01:30"}})
@example(0, {"$or": [{"alias": "latest"}, {"version": "v0"}]})
@example(0, {"metadata.x.0.y": "a"})
@example(0, {"metrics.auc": {"$lt": 10**30}})
@example(1, {"id": {"$regex": BEGINNING}})
def test_a_filter_finds_what_looking_at_everything_finds(acme, which, document):
    catalog, there = acme[which]
    filter_ = parse(document, VERSION)

    answer = ask(
        catalog, lambda moment: find(moment, Question(kind="version", filter=filter_)), contents=True
    )

    expected = {(path, one) for path, one, facts, _ in there if matches(filter_, facts)}
    assert {(row.path, row.id) for row in answer.rows} == expected
    assert answer.total == len(answer.rows) == len(expected)


def test_every_fact_is_the_one_that_git_tells(acme):
    for catalog, there in acme:
        everywhere = parse(
            {"$or": [{"alias": "none"}, {"linked_at": "2026-01-01"}, {}]}, VERSION
        )  # mentions what is read for nothing else
        answer = ask(
            catalog,
            lambda moment, f=everywhere: find(moment, Question(kind="version", filter=f)),
            contents=True,
        )
        found = {(row.path, row.id): row.facts for row in answer.rows}
        assert len(there) > 20
        for path, identifier, facts, _ in there:
            told = found[path, identifier]
            assert sorted(told.pop("alias", ())) == sorted(facts.get("alias", ()))
            assert repr(sorted(told.items())) == repr(
                sorted((k, v) for k, v in facts.items() if k != "alias")
            )


@lawful
@given(
    MOMENTS,
    st.lists(st.sampled_from(["a", "churn", "STRASSE", "xgb", "b", "net", "1"]), min_size=1, max_size=2),
)
def test_words_find_what_looking_at_everything_finds(acme, which, words):
    catalog, there = acme[which]
    folded = tuple(word.casefold() for word in words)

    answer = ask(catalog, lambda moment: find(moment, Question(kind="version", words=folded)), contents=True)

    expected = {(path, one) for path, one, _, texts in there if mentions(folded, texts)}
    assert {(row.path, row.id) for row in answer.rows} == expected


WORDS = ["a", "churn", "STRASSE", "x", "t", "model", "leaves", "data", "edited"]


@lawful
@given(
    MOMENTS,
    st.sampled_from(["registry", "collection", "version"]),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=2),
    st.integers(0, 3),
    st.integers(1, 4),
)
def test_among_many_the_first_few_with_words_are_those_of_all(acme, which, kind, words, offset, limit):
    catalog, _ = acme[which]
    folded = tuple(word.casefold() for word in words)

    def answer(**part):
        asked = Question(kind=kind, words=folded, **part)
        found = ask(catalog, lambda moment: find(moment, asked), contents=True)
        return [(row.path, row.id) for row in found.rows], found.total

    whole, total = answer()
    with pytest.MonkeyPatch.context() as patch:
        for bound in ("_FIRST", "_LATER", "_SOON", "MANY"):
            patch.setattr(finding, bound, 1)
        patch.setattr(narrowing, "_FEW_PLACES", 1)
        few, counted = answer(offset=offset, limit=limit)

    assert total == len(whole)
    assert few == whole[offset : offset + limit]
    assert counted in (None, total)


@lawful
@given(MOMENTS, DOCUMENTS, st.integers(0, 5), st.none() | st.integers(0, 7))
def test_a_page_is_a_part_of_the_whole(acme, which, document, offset, limit):
    catalog, _ = acme[which]
    filter_ = parse(document, VERSION)

    def paths(**part):
        asked = Question(kind="version", filter=filter_, **part)
        answer = ask(catalog, lambda moment: find(moment, asked), contents=True)
        return [(row.path, row.id, row.since, row.number) for row in answer.rows]

    whole = paths()

    assert paths(offset=offset, limit=limit) == whole[offset:][:limit]
    assert whole == sorted(whole, key=lambda one: (-one[2], -one[3], one[0]))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("which", range(3))
def test_a_page_of_one_collection_is_a_part_of_its_whole(acme, which, place):
    catalog, there = acme[which]

    def answer(**part):
        asked = Question(kind="version", within=(place,), **part)
        return ask(catalog, lambda moment: find(moment, asked), contents=True)

    def shown(rows):
        return [(row.id, row.number, row.aliases, row.facts.get("size")) for row in rows]

    whole = answer().rows
    assert len(whole) == sum(path == place for path, *_ in there)

    for offset in range(len(whole) + 2):
        for limit in (0, 1, 3):
            page = answer(offset=offset, limit=limit)
            assert shown(page.rows) == shown(whole[offset : offset + limit])
            assert page.total == len(whole)


def test_a_version_that_is_there_twice_is_one_of_a_page(tmp_path):
    world = World(tmp_path, remote=False)
    files = dict(world.files[world.tip()])
    known = [manifest(number, random.Random(number)) for number in range(4)]
    for one in known:
        files[layout.manifest_path("model/churn", one.id)] = plain(encode(one))
        world.commit(dict(files))
    files[layout.manifest_path("model/churn", known[1].id, spread=True)] = plain(encode(known[1]))
    files["model/churn/collection.yaml"] = plain(encode(Collection(type="model")))
    world.commit(dict(files))
    asked = Question(kind="version", within=("model/churn",), offset=1, limit=2)

    with Catalog(
        repository=Repository.open(world.path), branch="main", clock=lambda: datetime(2026, 1, 1, tzinfo=UTC)
    ) as catalog:
        answer = ask(catalog, lambda moment: find(moment, asked), contents=True)
        assert ask(catalog, lambda moment: moment.tally("model")) == 4

    assert [row.id for row in answer.rows] == [known[3].id, known[2].id]


RANKED = ["metrics.auc", "metrics.loss", "metrics.none", "size", "created_at"]


@pytest.mark.parametrize("at_once", [0, 100])
@pytest.mark.parametrize("field", [*RANKED, "number", "linked_at", "metadata.x"])
@pytest.mark.parametrize("descending", [False, True])
def test_versions_of_a_collection_are_sorted_once(acme, monkeypatch, field, descending, at_once):
    monkeypatch.setattr(finding, "_MANY_TIMES", at_once)

    def answer(catalog, **part):
        asked = Question(kind="version", within=("model/churn",), order=Order(field, descending), **part)
        found = ask(catalog, lambda moment: find(moment, asked), contents=True)
        return [(row.id, row.number, row.facts.get("size")) for row in found.rows], found.total

    for catalog, _ in acme:
        whole, total = answer(catalog)
        for offset in (0, 2, len(whole) - 1, len(whole)):
            assert answer(catalog, offset=offset, limit=2) == (whole[offset : offset + 2], total)


@pytest.fixture(scope="module")
def small_portions():
    """The best are looked for three at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "_TOGETHER", 3)
        yield


@lawful
@given(MOMENTS, DOCUMENTS, st.sampled_from(RANKED), st.booleans())
@example(0, {}, "metrics.auc", True)
@example(0, {}, "created_at", True)
def test_the_best_few_are_those_of_all(acme, small_portions, which, document, field, descending):
    catalog, _ = acme[which]
    filter_ = parse(document, VERSION)

    def paths(**part):
        asked = Question(kind="version", filter=filter_, order=Order(field, descending), **part)
        answer = ask(catalog, lambda moment: find(moment, asked), contents=True)
        return [(row.path, row.id) for row in answer.rows]

    whole = paths()

    assert [paths(offset=offset, limit=2) for offset in range(3)] == [whole[n : n + 2] for n in range(3)]


@lawful
@given(MOMENTS, DOCUMENTS)
def test_what_is_narrowed_lacks_nothing(acme, which, document):
    catalog, there = acme[which]
    filter_ = parse(document, VERSION)

    def keys(moment):
        places = {moment.place(path): path for path in {path for path, *_ in there}}
        few = narrowed(filter_, moment, places)
        return None if few is None else {(places.get(place), one) for place, one in few.found()}

    some = ask(catalog, keys, contents=True)

    if some is not None:
        assert {(path, one) for path, one, facts, _ in there if matches(filter_, facts)} <= some


@pytest.mark.parametrize(
    "document",
    [
        {"metrics.auc": {"$gte": 1}},
        {"tag": "a", "linked_at": {"$gt": "2026-01-01"}},
        {"$or": [{"alias": "production"}, {"metadata.x": "a"}]},
        {"version": {"$in": ["v0", "v1"]}},
        {"id": "abc"},
        {"created_at": {"$lt": "2026-01-02"}},
        {"artifact": {"$regex": "^ch"}},
        {"type": "model"},
        {"run": "churn/r3"},
        {"source": {"$in": ["churn/a0", "churn/a1"]}},
    ],
)
def test_what_is_indexed_narrows(acme, document):
    catalog, _ = acme[0]

    few = ask(catalog, lambda moment: narrowed(parse(document, VERSION), moment, {}), contents=True)

    assert few is not None


@pytest.mark.parametrize(
    "document", [{"tag": {"$ne": "a"}}, {"metadata.x": None}, {"$or": [{"tag": "a"}, {}]}]
)
def test_what_may_be_missing_does_not(acme, document):
    catalog, _ = acme[0]

    found = ask(catalog, lambda moment: narrowed(parse(document, VERSION), moment, {}), contents=True)

    assert found is None


@pytest.mark.parametrize("field", ["metrics.auc", "metadata.x", "size", "artifact", "updated_at"])
def test_an_order_puts_what_has_no_such_value_last(acme, field):
    catalog, there = acme[0]

    def values(descending):
        asked = Question(kind="version", order=Order(field, descending))
        rows = ask(catalog, lambda moment: find(moment, asked), contents=True).rows
        tree, _, key = field.partition(".")
        held = [row.facts.get(tree) for row in rows]
        return [(one or {}).get(key) if key else one for one in held]

    rising, falling = values(False), values(True)
    sortable = [
        one for one in rising if isinstance(one, str | int | float) and one == one and one is not True
    ]

    assert len(rising) == len(falling) == len(there)
    assert sortable == sorted(sortable, key=lambda one: (isinstance(one, str), one))
    assert rising[: len(sortable)] == sortable
