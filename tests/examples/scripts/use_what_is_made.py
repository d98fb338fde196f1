"""A run uses what nobody logged yet: it is logged first."""

import git_registry as gr

with gr.init(entity="vision", project="viewing", job_type="look") as run:
    reference = gr.Artifact("reference", type="model")
    reference.add_file("pictures/cat.txt")
    print(run.use_artifact(reference).name)
