"""A version is logged and waited for, found in its collection, and given the alias that deploys it."""

import git_registry as gr

with gr.init(entity="vision", project="deploying") as run:
    weights = gr.Artifact("weights", type="model")
    weights.add_file("weights.txt")
    run.log_artifact(weights)
    run.wait()
    run.link_artifact(weights, "wandb-registry-model/deployed")

collection = gr.Api().artifact_collection("model", "wandb-registry-model/deployed")
version = list(collection.versions())[0]  # noqa: RUF015 - as it is written
version.aliases.append("production")
version.save()
print(version.name, sorted(version.aliases), collection.aliases)
