"""A new version has a time to live."""

from datetime import timedelta

import git_registry as gr

with gr.init(entity="vision", project="keeping") as run:
    made = gr.Artifact(name="notes", type="dataset")
    made.add_file("notes.txt")
    made.ttl = timedelta(days=30)
    run.log_artifact(made)
