"""The same without a run: the draft knows which project it comes from."""

import git_registry as gr

client = gr.Api()
saved = client.artifact("vision/building/album:latest")
draft = saved.new_draft()
draft.remove("readme.txt")
with draft.new_file("readme.txt") as file:
    file.write("second")
draft.save()
print(draft.name, draft.project)
