"""The same with the first of an iterator, in a process that only deploys."""

import git_registry as gr

version = next(iter(gr.Api().artifact_collection("model", "acme/wandb-registry-model/deployed").versions()))
version.aliases.remove("production")
version.save()
