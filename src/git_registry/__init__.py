"""A registry for machine-learning artifacts that lives in Git.

Scripts write `import git_registry as gr`. What they ask for is imported when it is first asked for, so that
the import itself costs nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing costs as much as all the rest of a short command

if TYPE_CHECKING:
    from typing import Any

    from git_registry.sdk.surface.api import Api
    from git_registry.sdk.surface.artifact import Artifact
    from git_registry.sdk.surface.beginning import init
    from git_registry.sdk.surface.run import Run

__version__ = "0.1.0"

__all__ = [
    "Api",
    "Artifact",
    "ArtifactTTL",
    "Registry",
    "Run",
    "Settings",
    "Table",
    "__version__",
    "init",
    "login",
]

_SURFACE = "git_registry.sdk.surface"
_NAMES = {
    "Api": "api",
    "Artifact": "artifact",
    "ArtifactTTL": "ttl",
    "Registry": "registry",
    "Run": "run",
    "Settings": "settings",
    "Table": "table",
    "finish": "current",
    "init": "beginning",
    "login": "settings",
}
"""What the package offers, and in which module of the surface it is."""

_ERRORS = ("CommError", "Error", "UsageError")
"""W&B's names for what may go wrong; all of ours are in `errors`."""

_MODULES = ("automations", "errors")
"""What scripts reach as a part of this one: `gr.automations.OnLinkArtifact`."""

_OF_THE_RUN = (
    *("alert", "config", "define_metric", "link_artifact", "link_model", "log", "log_artifact"),
    *("log_model",),
    *("summary", "use_artifact", "use_model"),
)
"""What W&B lets one ask the module instead of the run that is under way."""


_NOT_HERE = (
    *(
        "Image",
        "Video",
        "Audio",
        "Html",
        "Object3D",
        "Molecule",
        "Histogram",
        "Plotly",
        "Graph",
        "JoinedTable",
    ),
    *("plot", "plot_table", "watch", "unwatch", "save", "restore", "sweep", "agent", "controller", "sdk"),
    *("keras", "xgboost", "lightgbm", "catboost"),
)
_NOT_HERE_BECAUSE = (
    "W&B has it and git-registry has not: log numbers and texts, and put files and tables into an artifact "
    "('Porting from W&B' in the README)"
)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - as import gives it
    from importlib import import_module

    if name in _NAMES:
        return getattr(import_module(f"{_SURFACE}.{_NAMES[name]}"), name)
    if name in _ERRORS:
        return getattr(import_module("git_registry.errors"), name)
    if name in _MODULES:
        return import_module(f"git_registry.{name}")
    if name == "run":
        return import_module(f"{_SURFACE}.current").run()
    if name in _OF_THE_RUN:
        return getattr(import_module(f"{_SURFACE}.current").require(), name)
    if name in _NOT_HERE:
        raise AttributeError(f"{name}: {_NOT_HERE_BECAUSE}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_NAMES, *_ERRORS, *_OF_THE_RUN, *_MODULES, "run"})
