"""Signatures, as those check them who wrote the standard down."""

from __future__ import annotations

import hmac
import time
from base64 import b64encode
from hashlib import sha256

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from git_registry.automation.signing import as_wandb, key, signed
from git_registry.automation.unsent import Unsent

NEW, OLD = (f"whsec_{b64encode(bytes([number]) * 24).decode()}" for number in (1, 2))
BODY = '{"alias": "production", "by": "Zoë"}'.encode()


def test_a_receiver_may_have_either_key():
    headers = signed((NEW, OLD), "msg_a", time.time(), BODY)

    for one in (NEW, OLD):
        assert Webhook(one).verify(BODY, dict(headers))["alias"] == "production"


def test_a_key_may_be_a_text_without_a_prefix():
    headers = signed(("correct horse", NEW), "msg_a", time.time(), BODY)

    Webhook(b"correct horse").verify(BODY, dict(headers))


@pytest.mark.parametrize(
    ("changed", "body"),
    [
        ({}, BODY.replace(b"production", b"staging")),
        ({"webhook-id": "msg_b"}, BODY),
        ({"webhook-timestamp": str(int(time.time()) + 1)}, BODY),
        ({"webhook-signature": "v1,AAAA"}, BODY),
    ],
)
def test_what_was_changed_on_the_way_is_found_out(changed, body):
    headers = {**signed((NEW,), "msg_a", time.time() - 60, BODY), **changed}

    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(body, headers)


def test_what_was_overheard_is_too_old_soon():
    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(NEW).verify(BODY, dict(signed((NEW,), "msg_a", time.time() - 600, BODY)))


def test_padding_may_be_left_out():
    assert key("whsec_YWJjZA") == key("whsec_YWJjZA==") == b"abcd"


def test_a_key_that_is_no_base64_is_told_without_it():
    with pytest.raises(Unsent, match="does not go on in base64") as refused:
        key("whsec_not base64!")

    assert "!" not in str(refused.value)


def test_receivers_of_wandb_find_the_signature_they_check():
    ours = hmac.new(b"a key of wandb", BODY, sha256)

    assert as_wandb("a key of wandb", BODY, "hex") == {"X-Wandb-Signature": ours.hexdigest()}
    assert as_wandb("a key of wandb", BODY, "base64") == {
        "X-Wandb-Signature": b64encode(ours.digest()).decode()
    }
