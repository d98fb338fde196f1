"""Data stays where it is, and is known by what its store says of it."""

import sys
from pathlib import Path

import git_registry as gr

uri = sys.argv[1]
with gr.init(entity="vision", project="outside", job_type="refer") as run:
    tracked = gr.Artifact("tracked", type="dataset")
    tracked.add_reference(uri)
    run.log_artifact(tracked)

with gr.init(entity="vision", project="outside", job_type="read") as run:
    tracked = run.use_artifact("tracked:latest", type="dataset")
    for path, entry in sorted(tracked.manifest.entries.items()):
        print(path, entry.ref, entry.size)
    print(tracked.get_entry("train/b.txt").ref_target())
    where = tracked.download()
    print(Path(where, "train/a.txt").read_text())
