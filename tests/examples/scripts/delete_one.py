"""One version is deleted; one that has aliases only if they may go, too."""

import git_registry as gr

api = gr.Api()
api.artifact("vision/keeping/notes:v0").delete()
best = api.artifact("vision/keeping/notes:best")
try:
    best.delete()
except ValueError:
    print("it has aliases")
best.delete(delete_aliases=True)
print(api.artifact_exists("vision/keeping/notes:v3"), best.state)
