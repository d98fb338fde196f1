"""`run.config` and `run.summary`: mappings that can be read and written by attribute, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

from git_registry.model.documents.record import Value


class Values(MutableMapping[str, Any]):
    """Values by name, each made plain when it is set."""

    def __init__(self, convert: Callable[[str, object], Value]) -> None:
        object.__setattr__(self, "_convert", convert)
        object.__setattr__(self, "_values", {})

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a caller knows what it put there
        return self._values[name]

    def __setitem__(self, name: str, value: object) -> None:
        self._values[str(name)] = self._convert(str(name), value)

    def __delitem__(self, name: str) -> None:
        del self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._values))

    def __len__(self) -> int:
        return len(self._values)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: object) -> None:
        self[name] = value

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
        """Return a plain copy."""
        return dict(self._values)


def mapping_of(config: object) -> Mapping[str, object]:
    """Return what a script was configured with: a mapping, or what has it as attributes (argparse)."""
    if config is None:
        return {}
    if isinstance(config, Mapping):
        return {str(key): value for key, value in config.items()}
    if hasattr(config, "items"):
        return {str(key): value for key, value in config.items()}
    return dict(vars(config))
