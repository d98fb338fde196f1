"""A registry is deleted; what was linked there stays in its project."""

import git_registry as gr

registry = gr.Api().registry(name="Golden Datasets")
registry.delete()
try:
    registry.delete()
except ValueError as error:
    print("Failed to delete" in str(error))
