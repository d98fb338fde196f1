"""A collection is tagged, and one tag is taken away again."""

import git_registry as gr

collection = gr.Api().artifact_collection(type_name="model", name="acme/wandb-registry-model/detector")
collection.tags = ["edge", "night vision"]
collection.save()
collection.tags.append("edge")
collection.tags += ["retired"]
collection.save()

again = gr.Api().artifact_collection(type_name="model", name="wandb-registry-model/detector")
again.tags.remove("retired")
again.save()
print(again.tags)

again.tags = ["no/such/tag"]
try:
    again.save()
except ValueError:
    print("refused")
