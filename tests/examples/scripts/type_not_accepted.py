"""A registry that takes models takes nothing else."""

import git_registry as gr

with gr.init(entity="vision", project="detector") as run:
    scenes = gr.Artifact(name="scenes", type="dataset")
    scenes.add_file(local_path="weights.txt")
    logged = run.log_artifact(scenes)
    run.link_artifact(artifact=logged, target_path="wandb-registry-model/brand-new")
