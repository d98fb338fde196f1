"""Which addresses are public: the ones that are given to somebody on the Internet, and lead nowhere else.

Written down here, and not asked of `ipaddress`, whose answers differ from one Python to the next: some
count multicast, NAT64 and deprecated ones as global.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NOT_FOUR = tuple(
    map(
        IPv4Network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15"),
            *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
            "168.63.129.16/32",  # what Azure tells its machines, at an address that looks like any other
        ),
    )
)
"""What IANA's registry of special-purpose addresses has, and what is reached from inside a cloud alone."""

_SIX = IPv6Network("2000::/3")
"""All that is given out. Before it are loopback and translated addresses; after it, local and multicast."""

_NOT_SIX = tuple(
    map(
        IPv6Network,
        # The first holds Teredo. An address of a tunnel leads to the one of version 4 that is in it.
        ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)

_NAT64 = IPv6Network("64:ff9b::/96")
"""Where a network without version 4 finds all of it; its names are looked up so (RFC 6052)."""

_ISATAP = (0x00005EFE, 0x02005EFE)
"""What stands before an address of version 4 in one of a tunnel, below any prefix (RFC 5214)."""

_WORD = 0xFFFF_FFFF


def address(text: str) -> Address:
    """Return the address that is connected to: of one of version 4 in a mapped one, that.

    Raises:
        ValueError: it is none, or one of a link.
    """
    found = ip_address(text)
    if isinstance(found, IPv6Address) and found.scope_id is not None:
        raise ValueError(text)
    return getattr(found, "ipv4_mapped", None) or found


def is_public(one: Address) -> bool:
    """Is an address somebody's on the Internet?"""
    if isinstance(one, IPv4Address):
        return not any(one in network for network in _NOT_FOUR)
    if one in _NAT64:
        return is_public(IPv4Address(int(one) & _WORD))
    in_tunnel = (int(one) >> 32) & _WORD in _ISATAP
    return one in _SIX and not in_tunnel and not any(one in network for network in _NOT_SIX)
