"""Tables are logged, read back for training, and the model that comes of them is linked and used."""

from pathlib import Path

import git_registry as wandb

ENTITY, PROJECT, MODEL = "vision", "digits", "digits-dev"

with wandb.init(entity=ENTITY, project=PROJECT, job_type="prepare") as run:
    table = wandb.Table(columns=["pixels", "label"], data=[["0110", 1]])
    table.add_data("1001", 9)
    digits = wandb.Artifact("digits", type="dataset", description="Two digits.")
    digits.add(table, "train")
    digits.save()

config = {"epochs": 3, "lr": 0.5}
with wandb.init(entity=ENTITY, project=PROJECT, job_type="train", config=config) as run:
    train = run.use_artifact("digits:latest").get("train")
    known = {pixels: label for _, (pixels, label) in train.iterrows()}
    for epoch in range(run.config["epochs"]):
        run.log({"loss": 1 / (1 + epoch), "epoch": epoch})
    run.summary["labels"] = len(known)
    Path("digits.txt").write_text(repr(known))
    linked = run.link_model(path="digits.txt", name="digits-cnn", registered_model_name=MODEL)
    print(linked.name, train.columns)

with wandb.init(entity=ENTITY, project=PROJECT, job_type="evaluate") as run:
    path = run.use_model(name=f"{ENTITY}/model-registry/{MODEL}:latest")
    print(Path(path).read_text())
    print(Path(run.use_model("digits-cnn:v0")).name)
    try:
        run.use_model("digits:latest")
    except AssertionError:
        print("no model")
