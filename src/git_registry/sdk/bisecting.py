"""Which version made the difference? Found by trying half of what is left, again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from git_registry.catalog import local
from git_registry.catalog.catalog import Catalog
from git_registry.errors import RegistryError, UsageError
from git_registry.index.numbers import numbers
from git_registry.model.documents.record import Number
from git_registry.model.layout import manifest_places
from git_registry.model.selector import of_version
from git_registry.repository import history
from git_registry.repository.history import Step
from git_registry.sdk import listing, selecting
from git_registry.sdk.comparing import measured
from git_registry.sdk.downloading import Wish, download
from git_registry.sdk.halving import SKIPPED, Mark, bounds, most_trials, next_trial
from git_registry.sdk.trials import Answer, Question, Trials, alone
from git_registry.sdk.views import VersionView, place_of
from git_registry.store.cache import Cache

__all__ = ["Answer", "Bisected", "Hunt", "Trial", "bisect"]

Judge = Callable[[VersionView, Path], Answer]
"""Says of a version, and of the directory its files are in, whether it is good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunt:
    """What is looked for, and how.

    Attributes:
        collection: its selector.
        good: the end that is good: a version (`v3`), an alias, `@` and digits, or a whole selector.
        bad: the end that is bad. Which of the two is newer does not matter.
        command: how versions are judged, in words; answers are remembered for these words, not the words.
        restart: forget what an interrupted bisection found out.
        verify_ends: try both ends too, first.
    """

    collection: str
    good: str
    bad: str
    command: tuple[str, ...] = ()
    restart: bool = False
    verify_ends: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A version that was tried.

    Attributes:
        remembered: was it tried by a run that was interrupted?
    """

    version: VersionView
    answer: Answer
    remembered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bisected:
    """What was found, among the linked versions from the older end to the newer one.

    Attributes:
        first: the first version that differs from the older end; None if skipped ones hide which it is.
        before: the last one known to be like the older end.
        suspects: the versions one of which is the first that differs; `first` alone if that is known.
        answer: what those that differ are: bad, or good where the good end is the newer one.
        linked: the step in which `first` came; None if there is no first.
        trials: every version tried, in the order of their numbers.
        unlinked: how many versions in between were left out.
    """

    first: VersionView | None
    before: VersionView
    suspects: tuple[VersionView, ...]
    answer: Answer
    linked: Step | None
    trials: tuple[Trial, ...]
    unlinked: int

    @property
    def is_doubtful(self) -> bool:
        """Was nothing tried and found good, so that perhaps the judge calls everything bad?"""
        return all(one.answer is not Answer.GOOD for one in self.trials)

    def metrics(self) -> dict[str, tuple[Number | None, Number | None]]:
        """Return each metric before and in the first version that differs; None where it has none."""
        if self.first is None:
            return {}
        old, new = measured(self.before), measured(self.first)
        return {name: (old.get(name), new.get(name)) for name in {**old, **new}}


def bisect(
    catalog: Catalog,
    hunt: Hunt,
    judge: Judge,
    *,
    cache: Cache | None = None,
    tell: Callable[[Trial], None] = lambda _: None,
) -> Bisected:
    """Find the first version that differs from the older end, trying as few as can be.

    Every answer is remembered at once: interrupted and called again with the same hunt, it goes on.

    Args:
        catalog: the clone.
        hunt: what is looked for.
        judge: is given each version to try, downloaded; what it raises ends the hunt for now.
        cache: where blobs of remote stores are kept.
        tell: is told each answer as it comes.

    Raises:
        NotFound: there is no such collection or version.
        UsageError: the ends are none, or not what they are said to be.
        Conflict: another bisection of this collection is running or unfinished.
        StoreError: a version can't be downloaded. What was found out is kept.
    """
    there, selector = selecting.place(catalog, hunt.collection)
    numbers(there, [selecting.whole(there, selector)])  # a clone that can't count them is told so
    path = str(selector)
    good, bad = (_end(catalog, path, text) for text in (hunt.good, hunt.bad))
    line, unlinked = _line(listing.versions(there, selector), good, bad)
    lab = _Lab(catalog=catalog, judge=judge, cache=cache, tell=tell)
    place = local.directory(catalog.repository) / "bisect" / f"{path}.json"
    with alone(place, path):
        trials = _trials(catalog, place, hunt, Question.asked(good.id, bad.id, hunt.command))
        found = _searched(lab, line, _with_ends(lab, trials, good, bad) if hunt.verify_ends else trials)
        found.forget()
    return _bisected(there, line, found, earlier=trials, unlinked=unlinked)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lab:
    """Where versions are tried."""

    catalog: Catalog
    judge: Judge
    cache: Cache | None
    tell: Callable[[Trial], None]

    def attempt(self, trials: Trials, view: VersionView) -> Trials:
        """Download a version, have it judged, and remember the answer."""
        with TemporaryDirectory(prefix="git-registry-bisect-", ignore_cleanup_errors=True) as scratch:
            target = Path(scratch, view.collection.rpartition("/")[2])
            try:
                download(self.catalog, f"{view.collection}@{view.id}", Wish(target=target), cache=self.cache)
            except RegistryError as error:
                raise _without(view, error) from error
            answer = self.judge(view, target)
        trials = trials.add(view.id, answer)
        self.tell(Trial(version=view, answer=answer))
        return trials


def _searched(lab: _Lab, line: Sequence[VersionView], trials: Trials) -> Trials:
    """Try one version after the other until nothing is left to try."""
    marks = _marks(line, trials)
    told = None
    while (index := next_trial(marks)) is not None:
        left = most_trials(marks)
        between = " and ".join(line[bound].path for bound in bounds(marks))
        # A version that was skipped brought it no nearer.
        about = f"; about {left} to go between {between}" if left != told else ""
        lab.catalog.notify(f"trying {line[index].path}{about}")
        told = left
        trials = lab.attempt(trials, line[index])
        marks = _marks(line, trials)
    return trials


def _bisected(
    catalog: Catalog, line: Sequence[VersionView], found: Trials, *, earlier: Trials, unlinked: int
) -> Bisected:
    alike, unlike = bounds(_marks(line, found))
    suspects = tuple(line[alike + 1 : unlike + 1])
    first = suspects[0] if len(suspects) == 1 else None
    return Bisected(
        first=first,
        before=line[alike],
        suspects=suspects,
        answer=Answer.BAD if line[0].id == found.question.good else Answer.GOOD,
        linked=_linked(catalog, first) if first else None,
        trials=tuple(
            Trial(version=one, answer=found.answers[one.id], remembered=one.id in earlier.answers)
            for one in line
            if one.id in found.answers
        ),
        unlinked=unlinked,
    )


def _end(catalog: Catalog, path: str, text: str) -> VersionView:
    whole = text if "/" in text else of_version(path, text)
    view = listing.show(catalog, whole)
    if not isinstance(view, VersionView) or view.collection != path:
        raise UsageError(f"{text!r} is no version of {path}", hint=f"such as {path}:v3, or v3")
    if view.number is None:
        raise UsageError(f"{view.path} has no number, so nothing lies between it and another version")
    return view


def _line(
    views: Sequence[VersionView], good: VersionView, bad: VersionView
) -> tuple[Sequence[VersionView], int]:
    """Return the linked versions from the older end to the newer one, and how many between are unlinked."""
    if good.id == bad.id:
        raise UsageError(f"{good.path} can't be both good and bad")
    oldest, newest = sorted((good.number or 0, bad.number or 0))
    line = [one for one in reversed(views) if one.number is not None and oldest <= one.number <= newest]
    return line, newest - oldest + 1 - len(line)


def _trials(catalog: Catalog, place: Path, hunt: Hunt, question: Question) -> Trials:
    begin = Trials.anew if hunt.restart else Trials.resumed
    trials = begin(place, question)
    if trials.answers:
        count = len(trials.answers)
        catalog.notify(
            f"going on where a bisection stopped after {count} version{'s' if count > 1 else ''} "
            "(--restart begins anew)"
        )
    return trials


def _without(view: VersionView, error: RegistryError) -> RegistryError:
    return type(error)(
        f"{view.path} can't be downloaded: {error.message}",
        where=error.where,
        hint=f"mend it (`git registry verify {view.path}`) or unlink it, then run the same command again: "
        "it goes on from here",
    )


def _with_ends(lab: _Lab, trials: Trials, good: VersionView, bad: VersionView) -> Trials:
    """Try both ends; what was tried before counts."""
    for view, said in ((good, Answer.GOOD), (bad, Answer.BAD)):
        trials = trials if view.id in trials.answers else lab.attempt(trials, view)
        found = trials.answers[view.id]
        if found is not said:
            trials.forget()
            raise UsageError(
                f"{view.path} was said to be {said}, and tried it is {found}", hint="choose another end"
            )
    return trials


def _marks(line: Sequence[VersionView], trials: Trials) -> list[Mark]:
    """Return for each version whether it is like the oldest; the ends are trusted."""
    oldest = Answer.GOOD if line[0].id == trials.question.good else Answer.BAD
    found: list[Mark] = []
    for one in line[1:-1]:
        answer = trials.answers.get(one.id)
        found.append(None if answer is None else SKIPPED if answer is Answer.SKIP else answer is oldest)
    return [True, *found, False]


def _linked(catalog: Catalog, view: VersionView) -> Step | None:
    """Return the first step that put the version where it is, or where its collection was before."""
    tip = catalog.tip()
    assert tip is not None
    here = place_of(view.collection)
    before = catalog.now().collection(here).renamed_from
    places = [place for path in filter(None, (here, before)) for place in manifest_places(path, view.id)]
    steps = history.steps(catalog.repository, tip, paths=places)
    return next((step for step in steps if any(change.after for change in step.changes)), None)
