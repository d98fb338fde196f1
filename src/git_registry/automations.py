"""What scripts import as `from wandb.automations import …`, and what W&B has not: `OnEvent`, our own actions.

`event >> action` is an automation, which `Api.create_automation` creates.
"""

from __future__ import annotations

from git_registry.model.documents.automation import Command, GithubDispatch, GitlabPipeline
from git_registry.sdk.surface.automations.actions import (
    DoNothing,
    SendNotification,
    SendPromptToAria,
    SendWebhook,
    SlackIntegration,
    WebhookIntegration,
)
from git_registry.sdk.surface.automations.automation import Automation, NewAutomation
from git_registry.sdk.surface.automations.conditions import ArtifactEvent, RunEvent
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
