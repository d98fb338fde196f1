"""A new version gets names of its own, and labels."""

import git_registry as gr

with gr.init(entity="vision", project="keeping") as run:
    notes = gr.Artifact(name="notes", type="dataset")
    notes.add_file("notes.txt")
    run.log_artifact(notes, aliases=["fresh", "2026-11"], tags=["by-hand"])
