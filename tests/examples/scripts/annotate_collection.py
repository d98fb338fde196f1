"""A collection is described."""

import git_registry as gr

CARD = "Finds cars.\n\n### License\nApache-2.0\n"

collection = gr.Api().artifact_collection(type_name="model", name="wandb-registry-model/detector")
collection.description = CARD
collection.save()
print(gr.Api().artifact_collection("model", "wandb-registry-model/detector").description == CARD)
