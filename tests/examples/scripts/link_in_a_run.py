"""A version is made and linked while the run goes on."""

import git_registry as gr

TARGET = "wandb-registry-Golden Datasets/street-scenes"

with gr.init(entity="vision", project="labeling") as run:
    scenes = gr.Artifact(name="scenes", type="dataset")
    scenes.add_file(local_path="scenes.csv")
    scenes = run.log_artifact(scenes)

    linked = run.link_artifact(artifact=scenes, target_path=TARGET)
    print(linked.is_link, linked.version, linked.collection.name, linked.source_name)
