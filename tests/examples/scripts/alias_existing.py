"""A version that is there gets one more name and one more label."""

import git_registry as gr

notes = gr.Api().artifact("vision/keeping/notes:v0")
notes.aliases.append("read")
notes.tags.append("checked")
notes.save()

with gr.init(entity="vision", project="keeping") as run:
    notes = run.use_artifact("notes:read")
    notes.aliases = ["fresh", "read"]
    notes.tags = ["checked", "by hand"]
    notes.save()
print([one.version for one in gr.Api().artifacts("dataset", "keeping/notes", tags=["by hand"])])
try:
    notes.tags = ["not/a/tag"]
    notes.save()
except ValueError:
    print("refused")
