"""Secrets in what a receiver answers."""

from __future__ import annotations

import html
import json
import re
from base64 import b32encode, b64encode, encodebytes, urlsafe_b64encode
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.automation.scrubbing import LEFT_OUT, longest, scrubbed

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

HIDDEN = {
    "HTML's numbers": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "HTML's numbers, to base 16": lambda text: re.sub(r"\W", lambda sign: f"&#x{ord(sign[0]):04X};", text),
    "HTML's numbers, unended": lambda text: re.sub(r"\W", lambda sign: f"&#{ord(sign[0])}", text),
    "JSON that is safe in HTML": lambda text: text.replace("=", r"\u003d").replace("+", r"\u002B"),
    "a letter as a code": lambda text: text.replace("k", r"\x6b").replace("w", r"\u{77}"),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)),
    "some letters quoted": lambda text: text.replace("=", "%3D"),
    "a letter quoted": lambda text: text.replace("w", "%77", 1),
    "quoted twice": lambda text: quote(quote(text)),
    "base64 in lines": lambda text: encodebytes(b"Authorization: Bearer " * 2 + text.encode()).decode(),
    "base64 in JSON": lambda text: json.dumps(encodebytes(text.encode() * 3).decode()),
    "base32": lambda text: b32encode(text.encode()).decode(),
    "base32 in a text": lambda text: b32encode(b"user:" + text.encode() + b".").decode().lower(),
    "hexadecimal, spaced": lambda text: text.encode().hex(" "),
    "hexadecimal, for C": lambda text: ", ".join(f"0x{byte:02x}" for byte in text.encode()),
    "hexadecimal, escaped": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode("latin-1")),
    "spaced": " ".join,
    "in lines": "\n".join,
}


@pytest.mark.parametrize("how", HIDDEN)
def test_what_holds_a_secret_in_another_way_is_left_out(how):
    assert scrubbed(f"you sent {HIDDEN[how](VALUE)}, thanks", VALUES, 2_000) == LEFT_OUT
    assert scrubbed(f"you sent {HIDDEN[how]('another text, as long as this')}", VALUES, 2_000) != LEFT_OUT


def test_what_is_cut_off_is_looked_at():
    hidden = HIDDEN["HTML's numbers"](VALUE)
    text = f"{'x' * 90}{hidden}{'y' * 5_000}"

    assert scrubbed(text[: 100 + longest(VALUES)], VALUES, 100) == LEFT_OUT


def test_a_word_that_is_in_a_secret_url_is_no_secret():
    hook = {"REG_WH_B": "https://deploy.example/webhooks"}

    assert scrubbed("no webhooks here", hook, 99) == "no webhooks here"


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
    assert how == "in capitals" or secret not in said or secret in "[REG_WH_A]" + LEFT_OUT + before + after
