"""The older way: a file is logged and linked as a model in one call."""

import git_registry as gr

with gr.init(entity="vision", project="older") as run:
    run.log({"train_loss": 0.25, "val_accuracy": 0.9})
    run.link_model(path="weights.txt", registered_model_name="digits-cnn", aliases=["candidate"])
    run.log_model(path="weights.txt", name="plain-cnn")
    try:
        run.link_model(path="weights.txt", registered_model_name="some/where")
    except ValueError:
        print("no registry in the name")
