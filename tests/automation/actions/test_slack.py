"""The message in a channel."""

from __future__ import annotations

from dataclasses import replace

from git_registry.automation.outgoing import Outgoing


def test_it_says_what_happened_and_who_did_it(outgoing, body):
    given = outgoing("slack: {url_secret: REG_WH_SLACK}")

    assert given == Outgoing(
        url_secret="REG_WH_SLACK", headers={"Content-Type": "application/json"}, body=given.body
    )
    assert body("slack: {url_secret: REG_WH_SLACK}") == {
        "text": "model/churn:production is v3 now, was v2 (protected)",
        "attachments": [
            {
                "color": "good",
                "text": f"Ada &lt;ada@acme.example&gt;\n{'4be1' * 10}",
                "mrkdwn_in": ["text"],
            }
        ],
    }


def test_or_what_the_automation_says(body):
    said = body("slack: {url_secret: REG_WH_S, title: '<!here> ${alias}', text: '${version}', level: ERROR}")

    assert said["text"] == "<!here> production"
    assert said["attachments"][0]["text"] == "v3"
    assert said["attachments"][0]["color"] == "danger"


def test_nobody_rings_for_a_channel_by_what_he_calls_himself(body, promoted):
    shouting = replace(promoted, facts={**promoted.facts, "author": "<!channel> & <https://x.example|here>"})

    text = body("slack: {url_secret: REG_WH_S}", shouting)["attachments"][0]["text"]

    assert text.startswith("&lt;!channel&gt; &amp; &lt;https://x.example|here&gt;\n")
