"""What is searched later: three collections, with tags, aliases and metadata."""

import git_registry as gr

MODELS = {
    "yolo-small": ([0.7, 0.8], ["cnn"]),
    "yolo-large": ([0.9], []),
    "resnet": ([0.95], ["cnn"]),
}

with gr.init(entity="vision", project="zoo") as run:
    for name, (scores, tags) in MODELS.items():
        for score in scores:
            weights = gr.Artifact(
                name=name, type="model", metadata={"score": score, "by": {"team": "vision"}}
            )
            with weights.new_file("weights.txt") as out:
                out.write(f"{name} {score}")
            run.link_artifact(weights, f"wandb-registry-model/{name}", aliases=[f"at-{int(score * 100)}"])
        collection = gr.Api().artifact_collection("model", f"wandb-registry-model/{name}")
        collection.tags = tags
        collection.save()
    last = gr.Api().artifact("wandb-registry-model/resnet:v0")
    last.tags = ["production-ready"]
    last.save()
