"""What follows a promotion is composed, created, found, changed and deleted."""

import git_registry as gr
from git_registry.automations import ArtifactEvent, OnAddArtifactAlias, OnLinkArtifact, SendWebhook

api = gr.Api()
collection = api.artifact_collection(name="wandb-registry-model/detector", type_name="model")
deployment = next(api.webhook_integrations(entity="acme"))

promoted = OnAddArtifactAlias(
    scope=collection,
    filter=ArtifactEvent.alias.matches_regex("^prod") & ~ArtifactEvent.tag.in_(["broken", "draft"]),
)
deploy = SendWebhook.from_integration(
    deployment, payload={"version": "${artifact_version_string}", "by": "${event_author}"}
)
automation = api.create_automation(
    promoted >> deploy, name="deploy-detector", description="Deploy what production points at."
)
print(automation.name, automation.enabled)

try:
    api.create_automation(promoted >> deploy, name="deploy-detector")
except ValueError as error:
    print(type(error).__name__)
same = api.create_automation(promoted >> deploy, name="deploy-detector", fetch_existing=True)
print(same.id == automation.id)

automation = api.automation(name="deploy-detector")
automation.enabled = False
automation = api.update_automation(automation, description="Not this week.")
print([one.description for one in api.automations(entity="acme", name="deploy-detector")])

registry = api.registry(name="model")
api.create_automation(
    OnLinkArtifact(scope=registry, filter=ArtifactEvent.alias.eq("candidate"))
    >> SendWebhook.from_integration(deployment),
    name="evaluate",
)
print(sorted(one.name for one in api.automations()))
print(api.delete_automation(automation))
