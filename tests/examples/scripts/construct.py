"""An artifact is put together of everything it can be put together of."""

import sys

import git_registry as gr

with gr.init(entity="vision", project="building", job_type="build") as run:
    made = gr.Artifact(name="everything", type="dataset")
    made.add_file("pictures/cat.txt")
    made.add_file("pictures/cat.txt", name="by/hand/cat.txt")
    made.add_file("pictures/cat.txt", is_tmp=True)
    made.add_dir("pictures")
    made.add_dir("pictures", name="all")
    with made.new_file("made/here.txt", mode="w") as file:
        file.write("new")
    made.add_reference(sys.argv[1], name="elsewhere.txt")
    print(made.get_entry("all/dog.txt").path)
    run.log_artifact(made)
