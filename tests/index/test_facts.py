"""What a document says is what the format knows; whatever else stands in it leaves the index whole."""

from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.codec.test_laws import DOCUMENTS, VALUE
from tests.index.test_laws import unread
from tests.repeating import times

from git_registry.catalog.documents import document_of
from git_registry.codec import table
from git_registry.codec.canonical import encode
from git_registry.index import kinds
from git_registry.index.contents import facts
from git_registry.index.contents import reading as contents
from git_registry.index.kinds import KINDS
from git_registry.index.opening import ask
from git_registry.index.search.finding import Question, find
from git_registry.index.storage.database import connect

NAMES = sorted({name for kind in DOCUMENTS for name in table.fields_of(kind)} | {"id", "file_count", "weak"})
READ = [(kind, document) for kind in kinds.READ if (document := document_of(kind))]
lawful = settings(deadline=None, max_examples=times(100, 400), suppress_health_check=list(HealthCheck))


@st.composite
def documents(draw):
    """Draw a kind of file, a document, and the same with fields of names that other documents have."""
    kind, document = draw(st.sampled_from(READ))
    known = draw(DOCUMENTS[document])
    names = [name for name in NAMES if name not in table.fields_of(document)]
    extra = draw(st.dictionaries(st.sampled_from(names), VALUE, max_size=4))
    return kind, replace(known, extra={}), replace(known, extra=extra)


@lawful
@given(documents())
def test_an_unknown_field_says_nothing(drawn):
    kind, known, document = drawn
    plain, found = (facts.content(kind, encode(one)) for one in (known, document))

    assert repr(found) == repr(plain)
    assert found.problem == ""
    with closing(connect(None)) as connection:
        contents._write(connection, ("0" * 40, KINDS[kind]), found, contents._Known())


UNKNOWN = {
    "model/registry.yaml": "tags: 5\ntype: [1]\nname: {a: 1}",
    "model/churn/collection.yaml": "size: {a: 1}\ncreated: [1]\nname: [1]\nmetrics: 5\nmetadata: {a: {b: c}}",
    "model/churn/versions/{}.yaml": "title: 5\nname: [1]\ntags: 5\ndescription: [2]",
    "model/churn/versions/{}.notes.yaml": "size: x\ncreated: 5\nartifact: [1]\ntitle: 5",
    "model/churn/aliases/production.yaml": "tags: 5\nsize: [1]\nname: 5",
}


@pytest.mark.parametrize("path", UNKNOWN)
def test_a_search_survives_any_field(desk, git, path):
    linked = desk.link("one")
    desk.promote("model/churn:v0", "production")
    file = desk.path / path.format(linked.id)
    before = file.read_text() if file.exists() else "format: 1\n"
    file.write_text(f"{before}{UNKNOWN[path]}\n")
    git(desk.path, "add", "--all")
    git(desk.path, "commit", "-q", "-m", "Write by hand")

    found = {
        kind: desk(ask, lambda moment, kind=kind: find(moment, Question(kind=kind)), contents=True).rows
        for kind in ("registry", "collection", "version")
    }

    assert [len(rows) for rows in found.values()] == [2, 1, 1]
    assert not any(row.problem for rows in found.values() for row in rows)
    assert desk(ask, unread, contents=True) == []
