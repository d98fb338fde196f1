"""What is linked gets names of its own."""

import sys

import git_registry as gr

with gr.init(entity="vision", project="detector") as run:
    weights = gr.Artifact(name="detector-weights", type="model")
    weights.add_file(local_path=sys.argv[1])
    run.link_artifact(
        artifact=weights, target_path="wandb-registry-model/detector", aliases=["staging", "nightly"]
    )
