"""What somebody edited comes out as it was edited, whatever manifest and notes said before."""

from hypothesis import given
from hypothesis import strategies as st

from git_registry.model.digest import list_digest
from git_registry.model.documents.manifest import Manifest
from git_registry.model.documents.notes import Notes
from git_registry.model.equality import same
from git_registry.sdk.surface.fields import Fields

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from([0.5, 1.0]) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("xy"), inner, max_size=2),
    max_leaves=4,
)
METADATA = st.dictionaries(st.sampled_from("abcd"), VALUES, max_size=4)
TAGS = st.lists(st.sampled_from(["eu", "us", "big"]), unique=True).map(tuple)


def manifest(metadata):
    return Manifest(
        artifact="x",
        type="model",
        digest=list_digest([]),
        size=0,
        created="2026-01-01T00:00:00.000Z",
        metadata=metadata,
        files=(),
    )


@given(METADATA, METADATA, METADATA, TAGS, TAGS)
def test_what_was_edited_is_what_is_read_afterwards(written, noted, edited, before, after):
    document, notes = manifest(written), Notes(metadata=noted, tags=before)
    seen = Fields.of(document, notes, ())
    now = seen.copy()
    now.metadata, now.tags = edited, list(after)

    revised = now.revision(seen, document, notes).after

    read = Fields.of(document, revised, ())
    assert same(read.metadata, {**dict.fromkeys(written), **edited})
    assert tuple(read.tags) == after


@given(METADATA, METADATA, TAGS)
def test_what_was_not_edited_changes_nothing(written, noted, tags):
    document, notes = manifest(written), Notes(metadata=noted, tags=tags)
    seen = Fields.of(document, notes, ("latest",))

    revision = seen.copy().revision(seen, document, notes)

    assert same(revision.after, notes)
    assert (revision.add, revision.remove) == ((), ())
