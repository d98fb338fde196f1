"""Registries are created: one for some, one for all."""

import git_registry as gr

registry = gr.Api().create_registry(
    name="Speech Models",
    visibility="restricted",
    organization="acme",
    description="What hears and speaks.",
    artifact_types=["model"],
)
print(registry.name, registry.visibility, registry.artifact_types)

open_to_all = gr.Api().create_registry(name="scratch", visibility="organization")
print(open_to_all.allow_all_artifact_types, open_to_all.description)

registry.artifact_types.append("tokenizer")
registry.save()

try:
    gr.Api().create_registry(name="scratch", visibility="organization")
except ValueError as error:
    print(type(error).__name__)
try:
    gr.Api().create_registry(name="secret", visibility="hidden")
except ValueError as error:
    print("Invalid visibility" in str(error))
try:
    registry.artifact_types.remove("model")
except ValueError:
    print("types stay")
