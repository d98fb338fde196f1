"""Secrets in what a receiver answers."""

from __future__ import annotations

import html
import json
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.automation.scrubbing import longest, scrubbed

VALUE = 'k3y/with+"all" & sorts=of<letters>ü'
VALUES = {"REG_WH_A": VALUE, "REG_WH_B": "whsec_c2VjcmV0IG9mIGI="}
SLACK = {
    "REG_WH_SLACK": "https://hooks.slack.example/services/T0AA/B0BB/x9Kq3vLm2PzR8sTw7YbN1cJd?key=0123456789ab"
}

ECHOES = {
    "as it is": str,
    "in capitals": str.upper,
    "base64": lambda text: b64encode(text.encode()).decode(),
    "urlsafe": lambda text: urlsafe_b64encode(text.encode()).decode(),
    "a header's base64": lambda text: b64encode(f"user:{text}".encode()).decode(),
    "in a longer base64": lambda text: b64encode(f'{{"a": "{text}", "b": 1}}'.encode()).decode(),
    "quoted": lambda text: quote(text, safe=""),
    "quoted, with slashes": quote,
    "quoted plus": quote_plus,
    "quoted in small letters": lambda text: quote(text, safe="").lower(),
    "hexadecimal": lambda text: text.encode().hex(),
    "HTML": html.escape,
    "JSON": lambda text: json.dumps({"said": text}),
    "JSON, not in ASCII": lambda text: json.dumps({"said": text}, ensure_ascii=False),
    "PHP's JSON": lambda text: json.dumps({"said": text}).replace("/", r"\/"),
}


@pytest.mark.parametrize("how", ECHOES)
def test_an_echo_is_replaced_by_the_secrets_name(how):
    echo = ECHOES[how](VALUE)

    said = scrubbed(f"you sent {echo}, thanks", VALUES, 2_000)

    assert "[REG_WH_A]" in said
    assert echo not in said
    assert (said.startswith("you sent "), said.endswith(", thanks")) == (True, True)


def test_a_letter_that_is_ours_in_another_case_is_no_trap():
    assert scrubbed(VALUE.replace("s", "ſ"), VALUES, 99) == "[secret]"


def test_a_key_is_known_without_its_prefix():
    assert scrubbed("no c2VjcmV0IG9mIGI= here", VALUES, 99) == "no [REG_WH_B] here"


@pytest.mark.parametrize(
    ("echo", "said"),
    [
        ("POST /services/T0AA/B0BB/x9Kq3vLm2PzR8sTw7YbN1cJd?key=0123456789ab", "POST [REG_WH_SLACK]"),
        ("no /services/T0AA/B0BB/x9Kq3vLm2PzR8sTw7YbN1cJd here", "no [REG_WH_SLACK] here"),
        ("x9Kq3vLm2PzR8sTw7YbN1cJd is revoked", "[REG_WH_SLACK] is revoked"),
        ("0123456789ab: no such key", "[REG_WH_SLACK]: no such key"),
        ("our services are down", "our services are down"),
    ],
)
def test_a_url_that_is_a_secret_is_known_by_its_parts(echo, said):
    assert scrubbed(echo, SLACK, 99) == said


def test_a_secret_that_is_cut_off_is_replaced_as_well():
    for before in range(20):
        text = "x" * before + VALUE + "y" * 50
        said = scrubbed(text[: 20 + longest(VALUES)], VALUES, 20)

        assert said == "x" * before + "[REG_WH_A]"


def test_an_answer_is_cut():
    assert scrubbed("x" * 100, VALUES, 20) == scrubbed("x" * 100, {}, 20) == "x" * 20


SECRETS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=8, max_size=40)


@given(SECRETS, st.text(max_size=20), st.text(max_size=20), st.sampled_from(sorted(ECHOES)))
def test_whatever_a_secret_is_and_stands_in_it_does_not_come_through(secret, before, after, how):
    echo = ECHOES[how](secret)

    said = scrubbed(f"{before}{echo}{after}", {"REG_WH_A": secret}, 10_000)

    # Capitals can be more letters, or others: then it is not what was sent.
    assert how == "in capitals" or secret not in said or secret in "[REG_WH_A]" + before + after
