"""A run says what it makes."""

import git_registry as gr

with gr.init(entity="vision", project="detector", job_type="collect") as run:
    scenes = gr.Artifact(name="scenes", type="dataset")
    scenes.add_file(local_path="scenes.csv", name="raw/scenes.csv")
    run.log_artifact(artifact_or_path=scenes)
