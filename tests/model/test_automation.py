"""What an automation's action says of itself."""

from __future__ import annotations

import pytest

from git_registry.model.documents.automation import (
    Action,
    Command,
    GithubDispatch,
    GitlabPipeline,
    Slack,
    Webhook,
)

KEY, OLD, TOKEN = "REG_WH_KEY", "REG_WH_OLD", "REG_WH_TOKEN"
SECRETS = [
    (
        Action(webhook=Webhook(url="https://a.example", secret=KEY, previous_secret=OLD, token=TOKEN)),
        (KEY, OLD, TOKEN),
    ),
    (Action(webhook=Webhook(url_secret=KEY, secret=KEY)), (KEY,)),
    (Action(slack=Slack(url_secret=KEY)), (KEY,)),
    (Action(github_dispatch=GithubDispatch(repository="acme/deploy", token=TOKEN)), (TOKEN,)),
    (Action(gitlab_pipeline=GitlabPipeline(project="acme/deploy", ref="main", token=TOKEN)), (TOKEN,)),
    (Action(command=Command(name="deploy")), ()),
]


@pytest.mark.parametrize(("action", "names"), SECRETS)
def test_it_names_its_secrets_each_once(action, names):
    assert action.secrets == names
