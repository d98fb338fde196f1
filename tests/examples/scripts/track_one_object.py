"""One object, by a name of its own; what its store calls that state of it."""

import sys
from pathlib import Path

import git_registry as gr

uri = sys.argv[1]
with gr.init(entity="vision", project="outside") as run:
    model = gr.Artifact("tracked-model", type="model")
    model.add_reference(uri, name="weights.txt")
    run.log_artifact(model)

for entry in gr.Api().artifact("outside/tracked-model:latest").manifest.entries.values():
    print(entry.path, entry.extra.get("etag"), entry.digest)
    print(Path(entry.download()).read_text())

many = gr.Artifact("too-many", type="dataset")
try:
    many.add_reference(uri.rpartition("/")[0], max_objects=1)
except ValueError:
    print("too many")
