"""The version that made the difference, found in as few trials as can be; nothing is tried twice."""

import json
import os
import stat

import pytest

from git_registry.errors import Conflict, NotFound, RegistryError, StoreError, UsageError
from git_registry.model.digest import Digest
from git_registry.sdk import linking
from git_registry.sdk.bisecting import Answer, Hunt, bisect

from .once import once


class Judge:
    """Knows from which version on they are bad, and counts whom it was asked about."""

    def __init__(self, bad_from, *, skip=(), stop_after=None):
        self.bad_from = bad_from
        self.skip = skip
        self.stop_after = stop_after
        self.asked = []

    def __call__(self, view, target):
        if self.stop_after == len(self.asked):
            raise KeyboardInterrupt
        self.asked.append(view.number)
        assert (target / "model.bin").read_text() == f"weights {view.number}"
        if view.number in self.skip:
            return Answer.SKIP
        return Answer.BAD if view.number >= self.bad_from else Answer.GOOD


def hunt(good="v0", bad="v9", **options):
    return Hunt(collection="model/churn", good=good, bad=bad, command=("judge",), **options)


def state(desk):
    return desk.path / ".git/registry/bisect/model/churn.json"


@once
def ten(desk):
    for number in range(10):
        desk.link(f"weights {number}", metrics={"auc": 0.9 + number / 100})
    return desk


@pytest.mark.parametrize("bad_from", range(1, 10))
def test_the_first_bad_one_is_found(ten, bad_from):
    judge = Judge(bad_from)

    done = ten(bisect, hunt(), judge)

    assert (done.first.number, done.before.number) == (bad_from, bad_from - 1)
    assert (done.answer, done.suspects) == (Answer.BAD, (done.first,))
    assert len(judge.asked) <= 4
    assert [one.version.number for one in done.trials] == sorted(judge.asked)
    assert done.metrics() == {"auc": (0.9 + (bad_from - 1) / 100, 0.9 + bad_from / 100)}
    assert not state(ten).exists()


def test_who_linked_it(ten, git):
    done = ten(bisect, hunt(), Judge(7))

    assert done.linked.author.name == "Ada Lovelace"
    assert done.linked.commit == git(ten.path, "rev-parse", "HEAD~2")


def test_sixty_four_versions_take_six_trials(desk):
    for number in range(65):
        desk.link(f"weights {number}")
    judge = Judge(37)

    done = desk(bisect, hunt(bad="v64"), judge)

    assert done.first.number == 37
    assert len(judge.asked) <= 6


def test_the_good_end_may_be_the_newer_one(ten):
    ten.promote("model/churn:v8", "production")

    def mended(view, target):
        return Answer.GOOD if view.number >= 5 else Answer.BAD

    done = ten(bisect, hunt(good="production", bad="v1"), mended)

    assert (done.first.number, done.before.number, done.answer) == (5, 4, Answer.GOOD)


def test_ends_are_versions_of_the_collection_however_they_are_named(ten):
    first = ten(bisect, hunt(), Judge(4)).first
    assert ten(bisect, hunt("model/churn:v3", "latest"), Judge(4)).first == first
    assert ten(bisect, hunt("v1", f"@{first.id[:8]}"), Judge(4)).first == first
    ten.link("weights 0", "model/other")
    for end in ("model/other:v0", "model/churn"):
        with pytest.raises(UsageError, match="is no version of model/churn"):
            ten(bisect, hunt(bad=end), Judge(4))
    with pytest.raises(NotFound, match="no version v99"):
        ten(bisect, hunt(bad="v99"), Judge(4))
    with pytest.raises(UsageError, match="both good and bad"):
        ten(bisect, hunt(bad="v0"), Judge(4))


def test_neighbours_need_no_trial(ten):
    judge = Judge(4)

    assert ten(bisect, hunt("v3", "v4"), judge).first.number == 4
    assert judge.asked == []


def test_a_neighbour_stands_in_for_one_that_is_skipped(ten):
    judge = Judge(7, skip={4, 5})

    done = ten(bisect, hunt(), judge)

    assert done.first.number == 7
    assert {one.version.number for one in done.trials if one.answer is Answer.SKIP} <= {4, 5}


def test_what_was_skipped_may_hide_the_first(ten):
    done = ten(bisect, hunt(), Judge(6, skip={5, 6}))

    assert done.first is None
    assert done.linked is None
    assert [one.number for one in done.suspects] == [5, 6, 7]
    assert done.metrics() == {}
    assert not state(ten).exists()


def test_unlinked_versions_are_left_out_and_counted(ten):
    ten(linking.unlink, ["model/churn:v4", "model/churn:v6"])
    judge = Judge(6)

    done = ten(bisect, hunt(), judge)

    assert (done.first.number, done.before.number, done.unlinked) == (7, 5, 2)
    assert not {4, 6} & set(judge.asked)


def test_the_ends_are_tried_if_asked_for(ten):
    judge = Judge(4)
    assert ten(bisect, hunt(verify_ends=True), judge).first.number == 4
    assert judge.asked[:2] == [0, 9]

    for bad_from, wrong in (
        (0, "v0 was said to be good, and tried it is bad"),
        (10, "v9 was said to be bad"),
    ):
        with pytest.raises(UsageError, match=wrong):
            ten(bisect, hunt(verify_ends=True), Judge(bad_from))
        assert not state(ten).exists()


def test_interrupted_it_goes_on_where_it_stopped(ten):
    first = Judge(7, stop_after=2)
    with pytest.raises(KeyboardInterrupt):
        ten(bisect, hunt(), first)
    again = Judge(7)

    done = ten(bisect, hunt(), again)

    assert done.first.number == 7
    assert not set(first.asked) & set(again.asked)
    assert [one.version.number for one in done.trials if one.remembered] == sorted(first.asked)
    assert any("going on where a bisection stopped after 2 versions" in one for one in ten.said)


def test_another_question_does_not_get_the_old_answers(ten):
    with pytest.raises(KeyboardInterrupt):
        ten(bisect, hunt(), Judge(7, stop_after=1))

    for other in (hunt(bad="v8"), hunt(good="v1"), Hunt(collection="model/churn", good="v0", bad="v9")):
        with pytest.raises(Conflict, match="another bisection is unfinished") as refused:
            ten(bisect, other, Judge(7))
        assert "--restart" in refused.value.hint

    judge = Judge(7)
    assert ten(bisect, hunt(restart=True), judge).trials[0].remembered is False
    assert len(judge.asked) >= 3


KEPT = {"good": "1", "bad": "2", "program": "judge", "command": "sha256:3", "answers": {}}


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "{}", "null", "1", '{"answers": []}', "[" * 200_000, "\xff"),
        *(json.dumps(KEPT | {name: ["x"]}) for name in KEPT),
        json.dumps(KEPT | {"answers": {"a": "perhaps"}}),
        json.dumps(KEPT | {"answers": {"a": []}}),
    ],
    ids=lambda text: text[:20],
)
def test_what_is_remembered_and_unreadable_is_said(ten, text):
    state(ten).parent.mkdir(parents=True)
    state(ten).write_text(text, encoding="latin-1")

    with pytest.raises(Conflict, match="can't be read") as refused:
        ten(bisect, hunt(), Judge(7))
    assert (refused.value.where, refused.value.hint) == (str(state(ten)), "--restart begins anew")
    assert ten(bisect, hunt(restart=True), Judge(7)).first.number == 7


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo, lambda place: place.symlink_to(place.name)])
def test_what_is_no_file_remembers_nothing(ten, make):
    state(ten).parent.mkdir(parents=True)
    make(state(ten))

    with pytest.raises(Conflict, match="can't be read"):
        ten(bisect, hunt(), Judge(7))
    assert ten(bisect, hunt(restart=True), Judge(7)).first.number == 7


def test_where_nothing_can_be_remembered_it_says_so(ten):
    (ten.path / ".git/registry").mkdir(exist_ok=True)
    (ten.path / ".git/registry/bisect").write_text("in the way")

    with pytest.raises(RegistryError, match="can't be kept"):
        ten(bisect, hunt(), Judge(7))


def test_the_command_is_remembered_without_its_secrets(ten):
    def told(*command):
        return Hunt(collection="model/churn", good="v0", bad="v9", command=command)

    with pytest.raises(KeyboardInterrupt):
        ten(bisect, told("/opt/bin/judge", "--token", "hunter2"), Judge(7, stop_after=1))
    assert "hunter2" not in state(ten).read_text()
    assert stat.S_IMODE(state(ten).stat().st_mode) == 0o600

    with pytest.raises(Conflict, match=r"judge with other arguments(\nhint|$)") as refused:
        ten(bisect, told("/opt/bin/judge", "--token", "other"), Judge(7))
    assert "hunter2" not in str(refused.value)
    with pytest.raises(Conflict, match=r"command judge(\nhint|$)"):
        ten(bisect, told("jury"), Judge(7))
    assert ten(bisect, told("/opt/bin/judge", "--token", "hunter2"), Judge(7)).trials[0].remembered


def test_two_at_once_are_one_too_many(ten):
    refused = []

    def judge(view, target):
        for restart in (False, True):
            with pytest.raises(Conflict, match="another bisection of model/churn is running") as error:
                ten(bisect, hunt(restart=restart), Judge(7))
            refused.append(error)
        return Judge(7)(view, target)

    assert ten(bisect, hunt(), judge).first.number == 7
    assert refused
    assert ten(bisect, hunt(), Judge(7)).first.number == 7


def test_how_many_are_left_is_not_repeated(ten):
    ten(bisect, hunt(), Judge(7, skip={3, 4, 5}))

    said = [one.partition("trying model/churn:")[2] for one in ten.said if "trying" in one]
    assert said[0] == "v4; about 4 to go between model/churn:v0 and model/churn:v9"
    assert said[1] == "v5"
    counts = [one.split()[2] for one in said if "about" in one]
    assert counts == sorted(set(counts), reverse=True)


def test_who_has_called_nothing_good_may_call_everything_bad(ten):
    assert ten(bisect, hunt(), Judge(1)).is_doubtful
    assert ten(bisect, hunt("v3", "v4"), Judge(4)).is_doubtful
    assert not ten(bisect, hunt(), Judge(2)).is_doubtful
    assert not ten(bisect, hunt(verify_ends=True), Judge(1)).is_doubtful


def test_a_version_whose_blob_is_missing_is_named_and_the_rest_kept(ten):
    name = Digest.of(b"weights 6").value
    place = ten.path.parent / "store/sha256" / name[:2] / name
    place.rename(place.with_name("away"))
    judge = Judge(8)

    with pytest.raises(StoreError, match="model/churn:v6 can't be downloaded") as missing:
        ten(bisect, hunt(), judge)
    assert "git registry verify model/churn:v6" in missing.value.hint
    assert judge.asked == [4]

    place.with_name("away").rename(place)
    again = Judge(8)
    assert ten(bisect, hunt(), again).first.number == 8
    assert 4 not in again.asked
