"""A run takes a version that is there, and links it."""

import git_registry as gr

with gr.init(entity="vision", project="releases") as run:
    weights = run.use_artifact(artifact_or_name="vision/detector/detector-weights:v0", type="model")
    run.link_artifact(artifact=weights, target_path="wandb-registry-model/released")
