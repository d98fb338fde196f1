"""What runs made of one type is deleted, whatever its aliases."""

import git_registry as gr

api = gr.Api()
for run in api.runs(path="vision/keeping"):
    for made in run.logged_artifacts():
        if made.type == "dataset" and made.metadata["number"] > 1:
            made.delete(delete_aliases=True)
