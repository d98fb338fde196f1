"""The version that later ones begin with."""

import git_registry as gr

with gr.init(entity="vision", project="building", job_type="build") as run:
    album = gr.Artifact("album", "dataset")
    album.add_file("pictures/cat.txt")
    album.add_file("pictures/cat.txt", name="old/cat.txt")
    with album.new_file("readme.txt") as file:
        file.write("first")
    run.log_artifact(album)
