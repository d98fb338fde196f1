"""A version that is there gets another time to live, then none, then the default."""

from datetime import timedelta

import git_registry as wandb
from git_registry import ArtifactTTL

with wandb.init(entity="vision", project="keeping") as run:
    kept = run.use_artifact("vision/keeping/notes:latest")
    print(kept.ttl)
    kept.ttl = timedelta(days=365 * 2)
    kept.save()

kept = wandb.Api().artifact("vision/keeping/notes:v0")
print(kept.ttl)
kept.ttl = None
kept.save()
print(wandb.Api().artifact("vision/keeping/notes:v0").ttl)

kept.ttl = timedelta(days=1)
kept.save()
kept.ttl = ArtifactTTL.INHERIT
kept.save()
print(wandb.Api().artifact("vision/keeping/notes:v0").ttl)
try:
    kept.ttl = timedelta(days=-1)
except ValueError:
    print("no")

kept.ttl = timedelta(days=7)
kept.save()
linked = kept.link("wandb-registry-dataset/notes")
try:
    linked.ttl = timedelta(days=1)
except ValueError:
    print("linked")
