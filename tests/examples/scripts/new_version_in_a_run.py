"""The next version is the one before, with something added, replaced and taken away."""

import git_registry as gr

with gr.init(entity="vision", project="building", job_type="revise") as run:
    saved = run.use_artifact("album:latest")
    draft = saved.new_draft()
    draft.add_file("pictures/dog.txt")
    draft.add_dir("pictures", name="copies")
    draft.remove("cat.txt")
    draft.remove("old")
    with draft.new_file("readme.txt", "w") as file:
        file.write("second")
    run.log_artifact(draft)
