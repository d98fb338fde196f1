"""What the fine-tuning begins with is put there."""

import git_registry as gr

gr.Api().create_registry(name="Tuned Models", visibility="organization", artifact_types=["model"])
with gr.init(entity="speech", project="phi") as run:
    base = gr.Artifact(name="phi-mini", type="model")
    base.add_file("weights.txt")
    run.link_artifact(base, "wandb-registry-Tuned Models/phi-mini", aliases=["production"])
