"""A version is linked that was never logged by itself."""

import git_registry as gr

with gr.init(entity="vision", project="labeling") as run:
    scenes = gr.Artifact(name="scenes", type="dataset")
    scenes.add_file(local_path="scenes.csv")
    print(run.link_artifact(artifact=scenes, target_path="wandb-registry-dataset/street-scenes").name)
