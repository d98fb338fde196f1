"""Versions to be thrown away later: all but two have no name of their own."""

import git_registry as gr

ALIASES = {1: ["keep"], 3: ["best", "old"]}

with gr.init(entity="vision", project="keeping", job_type="make") as run:
    for number in range(5):
        made = gr.Artifact("notes", type="dataset", metadata={"number": number})
        with made.new_file("notes.txt") as file:
            file.write(f"{number}")
        run.log_artifact(made, aliases=ALIASES.get(number)).wait()
