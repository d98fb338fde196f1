"""All versions of an artifact at once."""

import git_registry as gr

collection = gr.Api().artifact_collection(type_name="dataset", name="vision/keeping/notes")
print(len(collection.artifacts()))
collection.delete()
print(gr.Api().artifact_collection_exists(name="vision/keeping/notes", type="dataset"))
