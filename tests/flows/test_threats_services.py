"""What a service may not, though its team may."""

import pytest
from tests.flows.forging import MAIN, forged
from tests.flows.servers.local import Local
from tests.flows.steps import BASE, CHURN, SECOND, alias

MOVED = {f"{CHURN}/aliases/production.yaml": alias(SECOND)}
TEAMS = """\
  leads: {members: [user:lea, service:train, service:deploy]}
  ops: {members: [user:oda, service:train]}
"""


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    directory = tmp_path_factory.mktemp("services")
    organization = BASE["organization.yaml"].replace("teams:\n", f"teams:\n{TEAMS}")
    changed = {
        "organization.yaml": organization.replace("[user:ana, user:raj]", "[user:ana, user:raj, team:ops]"),
        "model/access.yaml": BASE["model/access.yaml"].replace(
            "members:\n", "members:\n  team:leads: admin\n  service:deploy: admin\n"
        ),
    }
    with Local(directory / "server").serving() as server:
        server.new_repository("acme")
        made = forged(directory / "work", server, **changed)
        yield made
        assert made.is_sound()


def test_a_service_is_an_admin_only_by_its_own_name(at):
    moved = f"{at.commit(MOVED, at.base)}:{MAIN}"

    at.refused("service.train", moved, says=["service:train has member (by team:leads)"])
    at.accepted("service.deploy", moved)
    at.accepted("lea", moved)


def test_a_service_is_no_admin_of_the_organization_by_a_team(at):
    stray = f"{at.commit({'CODEOWNERS': '* @acme'}, at.base)}:{MAIN}"

    at.refused("service.train", stray, says=["file-changed takes organization admin"])
    at.accepted("oda", stray)
