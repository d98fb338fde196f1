"""How an instance of the file system comes to be: what it reads is decided before it is made."""

from __future__ import annotations

from typing import Any

from fsspec import AbstractFileSystem
from fsspec.config import apply_config

from .failures import as_os_errors
from .pinning import pin


class Pinning(type(AbstractFileSystem)):  # type: ignore[misc]  # fsspec has no types
    """Decides which commits an instance reads before it is made, so that they are among its options.

    fsspec carries an instance to other processes by its options, and Dask tells two apart by them.
    """

    def __call__(cls, repository: str | None = None, **options: Any) -> Any:  # noqa: ANN401
        """Return an instance whose options name commits."""
        options = apply_config(cls, options)
        trust = options.pop("trust", ())
        later = options.pop("later", {})
        with as_os_errors():
            pinned = pin(
                repository or options.pop("repository", None),
                commit=options.pop("commit", None),
                known=options.pop("projects", None),
                project=options.pop("project", None),
                others=options.pop("others", None),
                trust=(trust,) if isinstance(trust, str) else tuple(trust),
            )
        options.pop("repository", None)
        made = super().__call__(
            repository=pinned.repository,
            commit=pinned.commit,
            projects=dict(pinned.projects),
            others=pinned.others,
            trust=pinned.trust,
            **options,
        )
        made._pinned.later.update(later)
        return made
