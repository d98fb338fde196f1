"""Every version without an alias is deleted, one after the other, with a pause."""

import time

import git_registry as wandb

api = wandb.Api(overrides={"project": "keeping", "entity": "vision"})
for version in api.artifact_versions("dataset", "notes"):
    if len(version.aliases) == 0:
        version.delete()
        time.sleep(0.01)
