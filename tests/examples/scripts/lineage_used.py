"""A run says what it uses; the alias is a word of its own."""

import git_registry as gr

with gr.init(entity="vision", project="detector", job_type="evaluate") as run:
    scenes = run.use_artifact(artifact_or_name="scenes", aliases="latest")
    print(scenes.name)
