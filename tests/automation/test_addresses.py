"""Which addresses are public."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.automation.addresses import address, is_public

PUBLIC = [
    *("93.184.216.34", "1.1.1.1", "8.8.8.8", "100.128.0.1", "172.32.0.1", "192.169.0.1", "223.255.255.255"),
    *("2606:2800:220:1::1", "2a00:1450::1", "2400:cb00::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"),
]

NOT = [
    *(
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
    ),
    *("172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1"),
    *("198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255"),
    *("240.0.0.1", "255.255.255.255", "168.63.129.16"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:0:127.0.0.1", "100::1"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "64:ff9b:1::5db8:d822"),
    *("2001::1", "2001:0:7f00:1::", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "3fff::1"),
    *("2002:5db8:d822::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1"),
    *("ff02::1", "ff0e::1", "2606:2800::5efe:7f00:1", "2606:2800::200:5efe:a00:1", "fe80::5efe:7f00:1"),
]


@pytest.mark.parametrize("text", PUBLIC)
def test_it_is_somebodys_on_the_internet(text):
    assert is_public(address(text))


@pytest.mark.parametrize("text", NOT)
def test_it_is_not(text):
    assert not is_public(address(text))


@pytest.mark.parametrize(
    "text", ["", "localhost", "127.1", "0177.0.0.1", "fe80::1%eth0", "2a00::1%1", "1.2.3.4/8"]
)
def test_what_is_no_address(text):
    with pytest.raises(ValueError):
        address(text)


FOUR = st.integers(min_value=0, max_value=2**32 - 1).map(IPv4Address)
SIX = st.integers(min_value=0, max_value=2**128 - 1).map(IPv6Address)


@given(FOUR)
def test_what_a_wrapped_address_leads_to_counts(four):
    for prefix in (0xFFFF << 32, 0x0064_FF9B << 96):
        assert is_public(address(str(IPv6Address(prefix | int(four))))) == is_public(four)


@given(FOUR | SIX)
def test_nothing_is_public_that_python_knows_not_to_be(one):
    if is_public(one):
        assert ip_address(str(one)).is_global
        assert not one.is_multicast
