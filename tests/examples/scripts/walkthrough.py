"""Create, log, use, download: two runs of one project."""

from pathlib import Path

import git_registry as wandb

with wandb.init(project="first-artifacts", job_type="add-dataset") as run:
    dataset = wandb.Artifact(name="digits", type="dataset")
    dataset.add_file(local_path="./digits.csv", name="training.csv")
    run.log_artifact(dataset)

with wandb.init(project="first-artifacts", job_type="train") as run:
    dataset = run.use_artifact("digits:latest")
    where = dataset.download()
    print(Path(where, "training.csv").read_text().strip(), dataset.version)
