"""A collection comes into being by what is linked into it, if its registry takes the type."""

import git_registry as gr

kinds = gr.Api().project(name="wandb-registry-model", entity="acme").artifact_types()
print(*[kind.name for kind in kinds])

with gr.init(entity="vision", project="detector") as run:
    weights = gr.Artifact(name="detector-weights", type="model")
    weights.add_file(local_path="weights.txt")
    run.log_artifact(weights)
    run.link_artifact(artifact=weights, target_path="acme/wandb-registry-model/brand-new")
