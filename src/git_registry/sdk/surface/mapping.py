"""`run.config` and `run.summary`: mappings that can be read and written by attribute, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

from git_registry.errors import UsageError
from git_registry.model.documents.record import Value
from git_registry.sdk.surface.plain import check_name, lenient


class Values(MutableMapping[str, Any]):
    """Values by name, each made plain when it is set, and again when they are written down."""

    def __init__(self, convert: Callable[[str, object], Value]) -> None:
        object.__setattr__(self, "_convert", convert)
        object.__setattr__(self, "_values", {})
        object.__setattr__(self, "_final", False)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a caller knows what it put there
        return self._values[name]

    def __setitem__(self, name: str, value: object) -> None:
        self._require_open()
        self._values[check_name(str(name))] = self._convert(str(name), value)

    def __delitem__(self, name: str) -> None:
        self._require_open()
        del self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._values))

    def __len__(self) -> int:
        return len(self._values)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        # What copies or pickles asks for names of its own, before there is anything here.
        if name.startswith("_") or name not in self._values:
            raise AttributeError(name)
        return self._values[name]

    def __setattr__(self, name: str, value: object) -> None:
        self[name] = value

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy, or what another process gets, is a plain mapping."""
        return dict, (self.as_dict(),)

    def __repr__(self) -> str:
        return repr(self._values)

    def update(self, *others: Any, allow_val_change: bool | None = None, **named: object) -> None:  # noqa: ANN401
        """Set several at once. What is set may change; `allow_val_change` is W&B's and asks nothing."""
        del allow_val_change
        for other in others:
            for name, value in mapping_of(other).items():
                self[name] = value
        for name, value in named.items():
            self[name] = value

    def setdefaults(self, defaults: Mapping[str, object]) -> None:
        """Set those that are not set yet."""
        for name, value in defaults.items():
            if name not in self._values:
                self[name] = value

    def as_dict(self) -> dict[str, Value]:
        """Return a plain copy. What was put into a value since, and is none itself, is there as text."""
        return {name: lenient(value, name=name) for name, value in list(self._values.items())}

    def close(self) -> None:
        """Take no more: what is here was written down."""
        object.__setattr__(self, "_final", True)

    def _require_open(self) -> None:
        if self._final:
            raise UsageError("the run has ended, so nothing is recorded any more")


def mapping_of(config: object) -> Mapping[str, object]:
    """Return what a script was configured with: a mapping, or what has it as attributes (argparse).

    Raises:
        UsageError: it is neither.
    """
    if config is None:
        return {}
    if isinstance(config, Mapping) or (hasattr(config, "items") and not isinstance(config, type)):
        return {str(key): value for key, value in config.items()}
    if hasattr(config, "__dict__") and not isinstance(config, type):
        return dict(vars(config))
    raise UsageError(f"a config is a mapping, or has its values as attributes, not a {type(config).__name__}")
