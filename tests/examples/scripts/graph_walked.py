"""The graph is walked from a version to its runs, and from a run to its versions."""

import git_registry as gr

api = gr.Api()
scenes = api.artifact("vision/graph/scenes:latest")
print(scenes.logged_by().id, sorted(run.id for run in scenes.used_by()))

train = api.run("vision/graph/train")
print([one.name for one in train.logged_artifacts()], [one.name for one in train.used_artifacts()])

found = api.artifact("graph/report:v0")
while (made_by := found.logged_by()) and (used := made_by.used_artifacts()):
    print(found.name, "<-", made_by.id, "<-", " ".join(sorted(one.name for one in used)))
    found = next(one for one in used if one.type != "scenes-type" or len(used) == 1)
print(found.name)
