"""An artifact is renamed and described as a whole."""

import git_registry as gr

api = gr.Api()
notes = api.artifact_collection(type_name="dataset", name="vision/keeping/notes")
notes.name = "notebook"
notes.description = "All notes."
notes.save()
print(api.artifact("keeping/notebook:v0").name)
