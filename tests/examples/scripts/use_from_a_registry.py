"""What is linked is used, and downloaded."""

import git_registry as gr

with gr.init(entity="vision", project="serving") as run:
    weights = run.use_artifact(artifact_or_name="wandb-registry-model/detector:staging")
    print(weights.download(), weights.source_name)
