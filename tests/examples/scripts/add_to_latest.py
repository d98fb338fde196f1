"""What is incremental begins with the latest version by itself."""

import git_registry as gr

with gr.init(entity="vision", project="building") as run:
    album = gr.Artifact("album", "dataset", incremental=True)
    album.add_file("pictures/dog.txt")
    run.log_artifact(album)
