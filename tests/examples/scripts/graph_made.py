"""A data set, a model made of it, a report made of that."""

import git_registry as gr

for job, uses, makes in (
    ("collect", [], "scenes"),
    ("train", ["scenes"], "detector"),
    ("report", ["detector", "scenes"], "report"),
):
    with gr.init(entity="vision", project="graph", job_type=job, id=job) as run:
        for name in uses:
            run.use_artifact(f"{name}:latest")
        made = gr.Artifact(makes, type=f"{makes}-type")
        made.add_file(local_path="notes.txt", name=f"{makes}.txt")
        run.log_artifact(made)
