"""What is said of a version is changed by a run."""

import git_registry as gr

with gr.init(entity="vision", project="keeping") as run:
    notes = run.use_artifact("notes:latest")
    notes.description = "What was noted."
    notes.metadata["source"] = "hand"
    notes.metadata = {**notes.metadata, "pages": 3}
    notes.save()
