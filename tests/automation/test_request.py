"""A request as anybody may see it. That it is what is sent is seen in tests/sdk/test_rehearsing.py."""

from __future__ import annotations

from git_registry.automation.outgoing import Outgoing
from git_registry.automation.request import ByName, body, headers

SEAL = ByName("msg_1")


def test_a_name_stands_for_each_secret():
    form = Outgoing(body="ref=main", form_token="REG_WH_TOKEN")
    signed = Outgoing(secrets=("REG_WH_NEW", "REG_WH_OLD"), bearer="REG_WH_BEARER", wandb_signature="hex")

    assert body(form, SEAL) == "token=<REG_WH_TOKEN>&ref=main"
    assert headers(form, SEAL, "")["Content-Type"] == "application/x-www-form-urlencoded"
    assert list(headers(signed, SEAL, "").items())[2:] == [
        ("webhook-id", "msg_1"),
        ("webhook-timestamp", "<the time of the try>"),
        ("webhook-signature", "v1,<signed with REG_WH_NEW> v1,<signed with REG_WH_OLD>"),
        ("X-Wandb-Signature", "<hex, signed with REG_WH_NEW>"),
        ("Authorization", "Bearer <REG_WH_BEARER>"),
    ]


def test_a_header_of_theirs_takes_nobodys_place():
    theirs = Outgoing(headers={"Webhook-ID": "msg_9", "X-Team": "ml"})

    found = headers(theirs, SEAL, "")

    assert [name.lower() for name in found].count("webhook-id") == 1
    assert (found["webhook-id"], found["X-Team"]) == ("msg_1", "ml")
