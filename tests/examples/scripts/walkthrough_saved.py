"""The same, saved by the artifact itself."""

import git_registry as gr

run = gr.init(project="first-artifacts", job_type="add-dataset")
dataset = gr.Artifact(name="digits", type="dataset", metadata={"rows": 1})
dataset.add_file("digits.csv")
dataset.save()
dataset.wait()
print(dataset.state, dataset.name, dataset.project)
run.finish()
