"""What rules a whole organization, at a glance."""

from __future__ import annotations

from git_registry.sdk import administering, membership, protecting
from git_registry.sdk.administering import RegistryRules

ORGANIZATION = """\
format: 1
name: acme
store: {store}
admins: [user:ada, team:osp]
teams:
  nlp: {{members: [user:bob]}}
  ops: {{}}
projects:
  churn: {{team:nlp: member}}
  secret: {{}}
"""


def test_everything_that_rules_is_there(desk, git):
    text = ORGANIZATION.format(store=f"file://{desk.path.parent}/store")
    (desk.path / "organization.yaml").write_text(text)
    git(desk.path, "commit", "-q", "-a", "-m", "Teams")
    desk(membership.grant, "model", {"alice": "admin", "nlp": "member"})
    desk.link("weights", aliases=["production"])
    desk(protecting.protect, "model", "production")

    view = desk(administering.overview)

    assert (view.name, view.admins, view.default_role) == ("acme", ("user:ada", "team:osp"), "viewer")
    assert view.teams == {"nlp": ("user:bob",), "ops": ()}
    assert view.projects == {"churn": {"team:nlp": "member"}, "secret": {}}
    assert view.registries == (
        RegistryRules(path="dataset"),
        RegistryRules(path="model", members=2, protected=("production",)),
    )
    assert desk.said == ["there is no team:osp in organization.yaml; did you mean ops?"]
