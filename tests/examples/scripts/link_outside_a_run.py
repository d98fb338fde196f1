"""A version that is there already is linked, and no run is made for it."""

import git_registry as wandb

api = wandb.Api()
scenes = api.artifact(name="vision/labeling/scenes:latest")
scenes.link(target_path="acme/wandb-registry-dataset/street-scenes")
