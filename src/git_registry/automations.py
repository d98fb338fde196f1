"""What scripts import as `from wandb.automations import …`, and what W&B has not: `OnEvent`, our own actions.

`event >> action` is an automation, which `Api.create_automation` creates.
"""

from __future__ import annotations

from typing import NoReturn

from git_registry.model.documents.automation import Command, GithubDispatch, GitlabPipeline
from git_registry.sdk.surface.automations.actions import (
    DoNothing,
    SendNotification,
    SendPromptToAria,
    SendWebhook,
    SlackIntegration,
    WebhookIntegration,
)
from git_registry.sdk.surface.automations.automation import Automation
from git_registry.sdk.surface.automations.composing import NewAutomation
from git_registry.sdk.surface.automations.conditions import ArtifactEvent, RunEvent, no_runs
from git_registry.sdk.surface.automations.events import (
    OnAddArtifactAlias,
    OnAddArtifactTag,
    OnAddCollectionTag,
    OnCreateArtifact,
    OnEvent,
    OnLinkArtifact,
    OnRemoveArtifactTag,
    OnRemoveCollectionTag,
    OnRunMetric,
    OnRunState,
    OnUnlinkArtifact,
)

__all__ = [
    "ArtifactEvent",
    "Automation",
    "Command",
    "DoNothing",
    "GithubDispatch",
    "GitlabPipeline",
    "NewAutomation",
    "OnAddArtifactAlias",
    "OnAddArtifactTag",
    "OnAddCollectionTag",
    "OnCreateArtifact",
    "OnEvent",
    "OnLinkArtifact",
    "OnRemoveArtifactTag",
    "OnRemoveCollectionTag",
    "OnRunMetric",
    "OnRunState",
    "OnUnlinkArtifact",
    "RunEvent",
    "SendNotification",
    "SendPromptToAria",
    "SendWebhook",
    "SlackIntegration",
    "WebhookIntegration",
]

_OF_RUNS = ("MetricChangeFilter", "MetricThresholdFilter", "MetricZScoreFilter", "RunStateFilter")


def __getattr__(name: str) -> NoReturn:
    # An AttributeError would end as an ImportError that says no more than the name.
    if name in _OF_RUNS:
        raise no_runs()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
