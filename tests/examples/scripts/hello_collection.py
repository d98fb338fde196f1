"""A model is logged and linked in one run."""

import random
from pathlib import Path

import git_registry as gr

with gr.init(project="quickstart") as run:
    run.log({"acc": random.random()})

    Path("weights.txt").write_text("what was learned")

    logged = run.log_artifact(artifact_or_path="./weights.txt", name="gemma-tuned", type="model")
    run.link_artifact(artifact=logged, target_path="wandb-registry-model/first-steps")
