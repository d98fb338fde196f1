"""What starts a pipeline on GitLab."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl

from git_registry.automation.outgoing import Outgoing

DEPLOY = "gitlab_pipeline: {project: acme/deploy, ref: main, token: REG_WH_GITLAB"


def test_the_pipeline_finds_what_the_event_is_about(outgoing):
    given = outgoing(f"{DEPLOY}}}")

    assert given == Outgoing(
        url="https://gitlab.com/api/v4/projects/acme%2Fdeploy/trigger/pipeline",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        form_token="REG_WH_GITLAB",
        body=given.body,
    )
    assert dict(parse_qsl(given.body)) == {
        "ref": "main",
        "variables[REGISTRY_EVENT]": "alias-moved",
        "variables[REGISTRY_PATH]": "model/churn",
        "variables[REGISTRY_ALIAS]": "production",
        "variables[REGISTRY_VERSION]": "v3",
        "variables[REGISTRY_SELECTOR]": "model/churn:v3",
        "variables[REGISTRY_COMMIT]": "4be1" * 10,
        "variables[REGISTRY_DELIVERY]": "msg_nqflzf5jjgn7hncfqwch4lpf",
    }


def test_its_variables_server_and_project_may_be_others(outgoing):
    given = outgoing(
        "gitlab_pipeline: {project: '42', ref: main, token: REG_WH_G, "
        "variables: {MODEL: '${selector}&x=1'}, api: 'https://gitlab.acme.example/api/v4'}"
    )

    assert given.url == "https://gitlab.acme.example/api/v4/projects/42/trigger/pipeline"
    assert parse_qsl(given.body) == [("ref", "main"), ("variables[MODEL]", "model/churn:v3&x=1")]


def test_nobody_reads_a_variable_of_the_project_by_naming_it_in_a_description(outgoing, promoted):
    curious = replace(promoted, facts={**promoted.facts, "description": "$DEPLOY_KEY ${X}"})

    given = outgoing(f"{DEPLOY}, variables: {{WHAT: '$A ${{description}}'}}}}", curious)

    assert dict(parse_qsl(given.body))["variables[WHAT]"] == "$A $$DEPLOY_KEY $${X}"
