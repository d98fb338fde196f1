"""Which versions a run logged and used; which run of many was best, and what it made."""

from pathlib import Path

import git_registry as gr

for depth in (2, 8, 4):
    with gr.init(
        entity="vision", project="sweeping", group="sweep-1", id=f"depth-{depth}", config={"depth": depth}
    ) as run:
        run.use_artifact("wandb-registry-model/first-steps:latest")
        run.log({"accuracy": 1 - 1 / depth})
        Path("tree.txt").write_text(f"depth {depth}")
        run.log_artifact("tree.txt", name="tree", type="model")

api = gr.Api()
run = api.run("vision/sweeping/depth-2")
print([one.name for one in run.logged_artifacts()], [one.name for one in run.used_artifacts()])

runs = sorted(api.runs("vision/sweeping"), key=lambda one: one.summary.get("accuracy", 0), reverse=True)
best = api.runs("vision/sweeping", filters={"group": "sweep-1"}, order="-summary_metrics.accuracy")[0]
print(best.id == runs[0].id, best.config["depth"])
for made in best.logged_artifacts():
    if made.type == "model":
        print(Path(made.download(), "tree.txt").read_text())
