"""Forms that one meets in other people's repositories."""

import git_registry as wandb

NOT_THERE = wandb.errors.CommError

wandb.login()
run = wandb.init(entity="vision", project="wild", config={"lr": 0.1}, reinit=True)
wandb.config.update({"epochs": 2})
wandb.log({"loss": 0.5})
wandb.summary["best"] = 0.5

made = wandb.Artifact("wild-weights", type="model", metadata=dict(wandb.config))
made.add_file("weights.txt")
logged = wandb.log_artifact(made, aliases=["best"])
logged.wait()
run.link_artifact(logged, "acme-org/wandb-registry-model/wild", aliases=["production"])

used = run.use_artifact("acme-org/wandb-registry-model/wild:production", type="model")
print(used.source_name, used.source_version, used.source_project, used.version)
print(wandb.run is run, run.project, run.entity)
try:
    run.use_artifact("wandb-registry-model/wild:no-such-alias")
except NOT_THERE:
    print("not there")
wandb.finish()
print(wandb.run)
