"""What is logged in the background, and uploading what a script may go on to change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future

from git_registry.errors import RegistryError
from git_registry.sdk.drafting import Draft
from git_registry.sdk.surface.standing import Standing
from git_registry.store.blobs import Store, Stored


class Upload(Future[Standing]):
    """A version on its way to where it will stand.

    Attributes:
        artifact: the name of what is logged.
        told: does somebody know what went wrong with it? Then nobody else needs to be told.
    """

    def __init__(self, artifact: str) -> None:
        super().__init__()
        self.artifact = artifact
        self.told = False

    def result(self, timeout: float | None = None) -> Standing:
        """Return where it stands, once it does; who is told that it can't be is told for all."""
        failure = self.exception(timeout)
        self.told |= failure is not None
        return super().result()

    def carry_out(self, work: Callable[[], Standing]) -> None:
        """Do the work, and be done."""
        try:
            standing = work()
        except BaseException as error:  # noqa: BLE001 - whoever waits is told
            self.set_exception(error)
        else:
            self.set_result(standing)


def prepared(draft: Draft, store: Store) -> Callable[[], Sequence[Stored]]:
    """Return what uploads a draft, to be called by another thread while the script goes on.

    Scripts write every checkpoint to the same file, and throw directories away. So what may change is copied
    aside first; into a store on this machine it is put at once, which costs no more than the copy. What goes
    wrong with that is told where it would be otherwise, too: by who waits.
    """
    if not store.is_local:
        draft.hold()
        return lambda: draft.stored(store)
    try:
        stored = draft.stored(store)
    except RegistryError as error:
        return _raising(error)
    return lambda: stored


def _raising(error: RegistryError) -> Callable[[], Sequence[Stored]]:
    def upload() -> Sequence[Stored]:
        raise error

    return upload
