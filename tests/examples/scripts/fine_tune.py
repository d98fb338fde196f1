"""The production version of a model is what the next one begins with."""

from pathlib import Path

import git_registry as gr

REGISTRY, COLLECTION, ALIAS = "Tuned Models", "phi-mini", "production"

with gr.init(entity="speech", project="phi-tuning", job_type="train") as run:
    base = run.use_artifact(artifact_or_name=f"wandb-registry-{REGISTRY}/{COLLECTION}:{ALIAS}")
    where = base.download()
    weights = Path(where, "weights.txt").read_text()

    tuned = gr.Artifact(name="phi-mini-tuned", type="model")
    with tuned.new_file("weights.txt") as out:
        out.write(weights + " and tuned")
    run.log_artifact(tuned)
