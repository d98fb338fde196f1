"""A file becomes a version, and that a link, with no artifact in between."""

import git_registry as gr

with gr.init(entity="vision", project="detector") as run:
    weights = run.log_artifact(artifact_or_path="weights.txt", name="detector-weights", type="model")
    run.link_artifact(artifact=weights, target_path="wandb-registry-model/detector")
