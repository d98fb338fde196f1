"""The same without a run; aliases come and go, too."""

import git_registry as gr

api = gr.Api()
notes = api.artifact("vision/keeping/notes:latest")
notes.description = "What was noted, and read again."
notes.metadata = {"pages": 4}
notes.aliases.append("read")
notes.save()
notes.aliases = ["kept"]
notes.save()
print(sorted(api.artifact("vision/keeping/notes:kept").aliases))
print(api.artifact_exists("vision/keeping/notes:read"), api.artifact("keeping/notes:kept").metadata)
