"""What an automation does, one file an action: each makes an `Outgoing` of an event, and sends nothing.

To add one: its class and its line in `model.documents.automation`, and a file here of the same name with
`prepare`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from git_registry.automation.happening import Happening, Placed
from git_registry.automation.identity import delivery_id
from git_registry.automation.outgoing import Outgoing


def prepared(placed: Placed, happening: Happening) -> Outgoing:
    """Return what an automation sends because of an event. It raises nothing, and holds no secret."""
    name, action = placed.document.action.one
    # The name is one of ACTIONS, and a process meets one or two of them.
    prepare: Callable[..., Outgoing] = import_module(f"{__name__}.{name}").prepare
    return prepare(action, placed, happening, delivery_id(happening, placed.path))
