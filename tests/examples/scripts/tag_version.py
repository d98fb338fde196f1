"""A version is tagged in a run, and then again outside of any."""

import git_registry as gr

with gr.init(entity="vision", project="detector") as run:
    weights = run.use_artifact(artifact_or_name="wandb-registry-model/detector:v0")
    weights.tags = ["reviewed"]
    weights.save()

weights = gr.Api().artifact(name="acme/wandb-registry-model/detector:v0")
weights.tags.extend(["gpu", "quantized"])
weights.save()
weights.tags.remove("gpu")
weights.save()

api, name = gr.Api(), "wandb-registry-model/detector"
for one in api.artifacts(type_name="model", name=name, tags=["reviewed", "quantized"]):
    print(one.name, one.tags)
print(len(api.artifacts("model", name, tags="gpu")))
