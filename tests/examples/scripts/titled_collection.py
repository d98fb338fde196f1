"""A collection whose name has spaces."""

import git_registry as gr

with gr.init(entity="vision", project="wild") as run:
    for number in range(2):
        made = gr.Artifact("zoo", type="model")
        with made.new_file("weights.txt") as file:
            file.write(f"{number}")
        run.link_artifact(made, "wandb-registry-model/Zoo Classifier", aliases=["production"])

api = gr.Api()
found = api.artifact("acme/wandb-registry-model/Zoo Classifier:production", type="model")
print(found.version, found.source_name)
print(api.artifact_collection("model", "wandb-registry-model/zoo classifier").path)
print(api.artifact_collection_exists("wandb-registry-model/No Such One", "model"))
