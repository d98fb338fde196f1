"""One of several processes adds its part to a version."""

import sys

import git_registry as gr

rank = sys.argv[1]
with gr.init(entity="vision", project="building", group="epoch-1", job_type="part") as run:
    part = gr.Artifact(name="shards", type="dataset")
    with part.new_file(f"{rank}.txt") as file:
        file.write(f"part {rank}")
    run.upsert_artifact(part, distributed_id="epoch-1")
