"""The same by number, without a run, by somebody who says which team asks."""

import git_registry as gr

api = gr.Api(overrides={"entity": "vision"})
weights = api.artifact(name="wandb-registry-model/detector:v0", type="model")
print(weights.download(root="fetched"))
