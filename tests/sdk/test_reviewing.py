"""What a review finds out beside the verdict: versions, who wrote their numbers, and their blobs."""

from __future__ import annotations

from functools import partial

import pytest
from tests.store.test_reference import put

from git_registry.errors import Conflict, NotFound, StoreError
from git_registry.model.documents.access import Gate
from git_registry.model.edits.version import Addition
from git_registry.sdk import (
    aliasing,
    linking,
    noting,
    protecting,
    renaming,
    replacing,
    reviewing,
    spot_checking,
)
from git_registry.sdk.blobs import Blobs
from git_registry.sdk.claiming import located
from git_registry.sdk.requests import Told
from git_registry.sdk.reviewing import Look, review
from git_registry.sdk.spot_checking import Spots
from git_registry.store.blobs import Store

AUC = Gate(metrics={"auc": {"$gte": 0.9}})
FRAMEWORK = Gate(metadata={"model.framework": "xgboost"})


@pytest.fixture
def topic(desk, git):
    """A model, protected by what it says of itself, and a branch for what is proposed."""
    desk.link("one", metrics={"auc": 0.93}, metadata={"model": {"framework": "xgboost"}})
    desk.promote("model/churn:v0", "production")
    desk(protecting.protect, "model", "production", [AUC, FRAMEWORK])
    desk.link("two", metrics={"auc": 0.8})
    git(desk.path, "switch", "-q", "-c", "topic")
    return desk


def reviewed(desk, look=Look.SIZES, **told):
    return desk(review, Told(base="main", head="topic", actor="ada", **told), look)


def annotate(desk, git, who, **metrics):
    git(desk.path, "config", "user.name", who)
    git(desk.path, "config", "user.email", f"{who.lower()}@acme.example")
    desk(noting.annotate, ["model/churn:v1"], Addition(**metrics))


def test_a_moved_alias_stands_beside_what_it_pointed_at(topic):
    topic.promote("model/churn:v1", "production")

    (one,) = reviewed(topic).replacements

    assert (one.collection, one.aliases) == ("model/churn", ("production",))
    assert (one.before.path, one.version.path) == ("model/churn:v0", "model/churn:v1")
    assert one.comparison.metrics[0].deltas == (None, -0.13)
    assert one.comparison.files.counts(1)["changed"] == 1


def test_aliases_that_go_the_same_way_are_one(topic):
    topic.promote("model/churn:v0", "eu")
    topic.link("three", aliases=["us", "asia"])

    found = reviewed(topic).replacements

    assert [(one.aliases, one.version.number, one.before) for one in found] == [
        (("asia", "us"), None, None),
        (("eu",), 0, None),
    ]


def test_a_version_that_is_linked_and_no_more_stands_beside_the_latest(topic):
    topic.link("three")

    (one,) = reviewed(topic).replacements

    assert (one.aliases, one.before.path) == ((), "model/churn:v1")
    assert one.version.path == f"model/churn@{one.version.id[:8]}"


def test_what_is_too_much_is_counted(topic, monkeypatch):
    monkeypatch.setattr(replacing, "MOST", 1)
    monkeypatch.setattr(reviewing, "_MOST", 1)
    topic.link("three")
    topic.link("four")

    done = reviewed(topic)

    assert (len(done.replacements), done.uncompared) == (1, 1)
    assert (len(done.blobs), done.unlooked) == (1, 1)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Better.\n\nOn all of it.", "Better.\n\nOn all of it."),
        ("Better.\n\nSigned-off-by: Bob <b@x>\nCo-authored-by: Eve <e@x>", "Better."),
        ("Signed-off-by: Bob <b@x>", ""),
        ("", ""),
    ],
)
def test_why_is_what_the_last_commit_says_and_not_who_made_it(topic, git, said, why):
    topic.promote("model/churn:v1", "eu")
    day = {"GIT_COMMITTER_DATE": "2026-01-01T12:00:00Z"}
    git(topic.path, "commit", "-q", "--amend", "-m", f"Promote it\n\n{said}", env=day)

    assert reviewed(topic).why == why


# Who wrote what gates read


def test_what_a_manifest_says_is_of_who_linked_it(topic):
    topic.promote("model/churn:v0", "production-eu")
    topic.promote("model/churn:v1", "production")

    found = {one.field: one for one in reviewed(topic).vouched}

    assert set(found) == {"metrics.auc", "metadata.model.framework"}
    auc, framework = found["metrics.auc"], found["metadata.model.framework"]
    assert (auc.value, auc.place, auc.author.name, auc.is_proposed) == (
        *(0.8, "manifest", "Ada Lovelace"),
        False,
    )
    assert (framework.place, framework.value, framework.author) == ("", None, None)


def test_what_notes_say_is_of_who_last_gave_it_that_value(topic, git):
    annotate(topic, git, "Bob", metrics={"auc": 0.94})
    annotate(topic, git, "Carol", metrics={"loss": 0.1})
    annotate(topic, git, "Dan", metadata={"model": {"framework": "xgboost"}})
    topic.promote("model/churn:v1", "production")

    found = {one.field: one for one in reviewed(topic).vouched}

    auc = found["metrics.auc"]
    assert (auc.value, auc.place, auc.author.name, auc.is_proposed) == (0.94, "notes", "Bob", True)
    assert found["metadata.model.framework"].author.email == "dan@acme.example"


def test_each_value_that_a_field_leads_to_is_of_who_wrote_that_one(topic, git):
    annotate(topic, git, "Dan", metadata={"model.framework": "xgboost"})
    annotate(topic, git, "Eve", metadata={"model": {"framework": "torch"}})
    topic.promote("model/churn:v1", "production")

    done = reviewed(topic)

    found = {(one.value, one.author.name) for one in done.vouched if one.field == "metadata.model.framework"}
    assert found == {("xgboost", "Dan"), ("torch", "Eve")}
    (gate,) = [one for event in done.events for one in event.passages if one.outcome.gate == "metadata"]
    assert not gate.outcome.passed
    assert gate.outcome.found.startswith("model.framework is there more than once: ")


def test_who_merges_has_not_written_it(topic, git):
    annotate(topic, git, "Bob", metrics={"auc": 0.94})
    git(topic.path, "config", "user.name", "Alice")
    git(topic.path, "switch", "-q", "main")
    git(topic.path, "merge", "-q", "--no-ff", "-m", "Merge", "topic")
    git(topic.path, "switch", "-q", "-c", "next")
    git(topic.path, "branch", "-f", "topic", "next")
    git(topic.path, "switch", "-q", "topic")
    topic.promote("model/churn:v1", "production")

    auc = next(one for one in reviewed(topic).vouched if one.field == "metrics.auc")

    assert (auc.author.name, auc.is_proposed) == ("Bob", False)


def test_who_linked_it_is_known_after_its_collection_was_renamed(topic, git):
    git(topic.path, "switch", "-q", "main")
    git(topic.path, "config", "user.name", "Alice")
    topic(renaming.rename, "model/churn", "model/leaving")
    git(topic.path, "branch", "-f", "topic", "main")
    git(topic.path, "switch", "-q", "topic")
    topic.promote("model/leaving:v1", "production")

    auc = next(one for one in reviewed(topic).vouched if one.field == "metrics.auc")

    assert (auc.place, auc.author.name) == ("manifest", "Ada Lovelace")


def test_who_linked_what_somebody_merged(topic, git):
    git(topic.path, "config", "user.name", "Bob")
    topic.link("three", metrics={"auc": 0.96})
    git(topic.path, "config", "user.name", "Alice")
    git(topic.path, "switch", "-q", "main")
    git(topic.path, "merge", "-q", "--no-ff", "-m", "Merge", "topic")
    git(topic.path, "branch", "-f", "topic", "main")
    git(topic.path, "switch", "-q", "topic")
    topic.promote("model/churn:v2", "production")

    auc = next(one for one in reviewed(topic).vouched if one.field == "metrics.auc")

    assert (auc.author.name, auc.is_proposed) == ("Bob", False)


def test_whose_address_it_is_says_the_base(topic, git):
    git(topic.path, "switch", "-q", "main")
    path = topic.path / "organization.yaml"
    path.write_text(path.read_text() + "identities:\n  user:bob: {emails: [bob@acme.example]}\n")
    git(topic.path, "commit", "-qam", "Who is who", env={"GIT_COMMITTER_DATE": "2026-01-01T12:00:00Z"})
    git(topic.path, "branch", "-f", "topic", "main")
    git(topic.path, "switch", "-q", "topic")
    annotate(topic, git, "Bob", metrics={"auc": 0.94})
    topic.promote("model/churn:v1", "production")

    auc = next(one for one in reviewed(topic).vouched if one.field == "metrics.auc")

    assert auc.principal == "user:bob"


# Blobs


def blob_of(desk, content):
    return next(path for path in desk.blobs if path.read_text() == content)


def answers(one):
    return one.exists, one.size, one.digest


def looked(desk, look=Look.SIZES):
    (one,) = reviewed(desk, look).blobs
    return one


@pytest.fixture
def third(topic):
    """A version that is proposed."""
    topic.link("three")
    return topic


def test_blobs_that_are_there(third):
    assert answers(looked(third)) == ("yes", "yes", "not checked")
    assert answers(looked(third, Look.DIGESTS)) == ("yes", "yes", "yes")
    assert answers(looked(third, Look.NONE)) == ("not checked",) * 3
    assert looked(third, Look.NONE).remark


def test_a_blob_that_is_missing(third):
    blob_of(third, "three").unlink()

    one = looked(third)
    assert answers(one) == ("no", "not checked", "not checked")
    assert one.remark == "model.bin: missing"


def test_a_blob_of_another_size(third):
    blob = blob_of(third, "three")
    blob.chmod(0o644)
    blob.write_text("longer than three")

    one = looked(third)
    assert answers(one) == ("yes", "no", "not checked")
    assert one.remark == "model.bin: size 17 instead of 5"


def test_a_blob_of_other_bytes(third):
    blob = blob_of(third, "three")
    blob.chmod(0o644)
    blob.write_text("eerht")

    assert answers(looked(third)) == ("yes", "yes", "not checked")
    one = looked(third, Look.DIGESTS)
    assert answers(one) == ("yes", "yes", "no")
    assert one.remark.startswith("model.bin: digest sha256:")


def test_more_files_than_are_asked_for(topic, monkeypatch):
    monkeypatch.setattr(reviewing, "Spots", partial(Spots, most=40))
    topic.link({f"part-{number}": str(number) for number in range(50)})

    one = looked(topic)
    assert answers(one) == ("not checked",) * 3
    assert one.remark == "10 of 50 files were not looked at, for that would take too long"
    assert answers(looked(topic, Look.DIGESTS)) == ("yes", "yes", "yes")

    blob_of(topic, "3").unlink()
    assert answers(looked(topic))[0] == "no"


def test_no_more_is_asked_when_the_time_is_over(third, monkeypatch):
    monkeypatch.setattr(reviewing, "Spots", partial(Spots, seconds=-1.0))

    one = looked(third)
    assert answers(one) == ("not checked",) * 3
    assert one.remark == "1 of 1 files were not looked at, for that would take too long"


def test_a_store_that_is_not_on_this_machine(third, tmp_path):
    (tmp_path / "store").rename(tmp_path / "unmounted")

    one = looked(third)
    assert answers(one) == ("not checked",) * 3
    assert "the store is not on this machine" in one.remark


class Unreachable(Store):
    def sizes(self, digests):
        raise StoreError("no route to host", where=self.uri)


def test_a_store_that_does_not_answer_says_why(third):
    with third.open() as catalog:
        now = catalog.now()
        where = Blobs(organization=now.organization(), opened=Unreachable)
        files = now.manifest(now.find("model/churn", looked(third).version.id)).files

    ((_, wrong),) = located(where, files)

    assert wrong == "not reachable: no route to host"


def test_a_long_file_list_is_in_the_store(topic, monkeypatch):
    topic.link({f"part-{number}": str(number) for number in range(150)})

    done = reviewed(topic)
    assert answers(done.blobs[0]) == ("yes", "yes", "not checked")
    assert len(done.replacements[0].comparison.files.rows) == 151
    monkeypatch.setattr(spot_checking, "_LISTED", 149)
    done = reviewed(topic)
    assert done.blobs[0].remark.endswith("its list of 150 files is too long for a review")
    assert done.replacements[0].comparison.files.problem.endswith("too long for a review")
    unread = reviewed(topic, Look.NONE).replacements[0].comparison.files
    assert "is in the store, which was not asked" in unread.problem


def test_what_nobody_allows_to_be_read_is_not_asked_for(topic, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "model.bin").write_text("three")
    uri = f"file://{tmp_path}/elsewhere"
    topic.allowing(trusted=(uri,))(linking.link_reference, uri, "model/churn", linking.Request())

    one = looked(topic)
    assert answers(one) == ("not checked",) * 3
    assert "the organization allows no reading from there" in one.remark
    assert answers(looked(topic.allowing(trusted=(uri,)))) == ("yes", "yes", "not checked")


def test_what_is_known_by_its_stores_word_is_compared_by_that(topic, bucket, git):
    put(f"{bucket}/raw", {"model.bin": b"three"})
    allowed = topic.allowing(trusted=(f"{bucket}/raw",))
    allowed(linking.link_reference, f"{bucket}/raw", "model/churn", linking.Request())

    one = looked(allowed)
    assert answers(one) == ("yes", "not checked", "yes")
    assert one.remark == "model.bin: its size could not be compared"

    put(f"{bucket}/raw", {"model.bin": b"eerht"})
    assert answers(looked(allowed)) == ("yes", "not checked", "no")


def test_the_rules_of_the_store_are_those_at_the_base(topic, git, tmp_path):
    path = topic.path / "organization.yaml"
    path.write_text(path.read_text().replace(f"file://{tmp_path}/store", f"file://{tmp_path}/other"))
    git(topic.path, "commit", "-qam", "Another store", env={"GIT_COMMITTER_DATE": "2026-01-01T12:00:00Z"})
    topic.promote("model/churn:v1", "eu")

    assert answers(looked(topic)) == ("yes", "yes", "not checked")


# Proposals


def test_a_signature_is_whoever_merges_it_to_give(topic, git):
    git(topic.path, "switch", "-q", "main")
    topic(protecting.protect, "model", "production", [Gate(signed=True)], without=[])
    git(topic.path, "config", "registry.user", "user:ada")
    git(topic.path, "switch", "-q", "-c", "proposals/ada/back")
    topic.promote("model/churn:v1", "production")
    git(topic.path, "switch", "-q", "main")

    done = topic(reviewing.review_proposal, "back")

    assert [one.outcome.gate for one in done.later] == ["signed"]
    assert "signed" not in {one.outcome.gate for event in done.events for one in event.passages}
    rules = {one.violation.rule for one in done.judgement.found}
    assert rules == {"gate metrics", "gate metadata"}
    asked = Told(base="main", head="proposals/ada/back", actor="ada", stepwise=False)
    assert "gate signed" in {one.violation.rule for one in topic(review, asked).judgement.found}


# What can't be reviewed


def test_what_conflicts_is_not_reviewed(topic, git):
    topic.promote("model/churn:v1", "production")
    git(topic.path, "switch", "-q", "main")
    topic(aliasing.remove, "model/churn", ["production"])

    with pytest.raises(Conflict):
        reviewed(topic)


def test_a_proposal_that_is_not_there(topic):
    with pytest.raises(NotFound):
        topic(reviewing.review_proposal, "nobody")


def test_what_does_not_follow_the_format_is_told_and_no_more_looked_at(topic, git):
    (topic.path / "model/churn/aliases/eu.yaml").write_text("format: 1\nversion: nothing\n")
    git(topic.path, "add", "--all")
    git(topic.path, "commit", "-qm", "By hand", env={"GIT_COMMITTER_DATE": "2026-01-01T12:00:00Z"})

    done = reviewed(topic)

    assert done.judgement.is_misshapen
    assert done.replacements == done.blobs == ()
