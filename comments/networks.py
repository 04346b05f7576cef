"""Who counts as one sender on the network, and which senders are neighbours."""

from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.utils.translation import gettext as _

Network = IPv4Network | IPv6Network

LONGEST = 100  # characters; the longest notation with a zone is shorter
WIDEST = 10  # bits between a network and its parts where these are named one by one
MAPPED = 96  # ::ffff:0:0/96 are the IPv4 addresses (RFC 4291, section 2.5.5.2)


def parse(text: str) -> Network:
    """The network of an address or of a range such as 203.0.113.0/24, whatever its host bits.

    An IPv4 address in IPv6 notation is the IPv4 address, a zone (`%eth0`) is left out. ValueError,
    with a sentence for whoever typed it, for anything else.
    """
    address, slash, length = text.strip().partition("/")
    try:
        if len(text) > LONGEST or (slash and not length.isdecimal()):
            raise ValueError
        network = ip_network(address.partition("%")[0] + slash + length, strict=False)
    except ValueError:
        sentence = _("“%(text)s” is not an address or a range such as 203.0.113.0/24.")
        raise ValueError(sentence % {"text": text[:LONGEST]}) from None
    return _unmapped(network)


def host(address: str) -> str:
    """Who counts as one sender: an IPv4 address, the /64 of an IPv6 address (one customer)."""
    one = parse(address)
    if one.version == 4:
        return str(one.network_address)
    return str(_around(one, 64))


def is_telling(address: str | None) -> bool:
    """Whether an address tells senders apart; one of this machine is a proxy's and says nothing."""
    return bool(address) and not ip_address(address).is_loopback


def network(address: str) -> str:
    """The neighbourhood of an address: /24 of IPv4, /48 of IPv6 (one site, RFC 6177)."""
    one = parse(address)
    return str(_around(one, 24 if one.version == 4 else 48))


def hosts(place: str) -> list[str]:
    """The senders within a network that is narrower than a neighbourhood; none within a wider."""
    wide, (sender, neighbourhood) = parse(place), _lengths(place)
    if wide.prefixlen >= sender:
        return [str(_around(wide, sender)) if wide.version == 6 else str(wide.network_address)]
    if wide.prefixlen <= neighbourhood or sender - wide.prefixlen > WIDEST:
        return []
    found = (str(one) for one in wide.subnets(new_prefix=sender))
    return [one.removesuffix("/32") for one in found]


def neighbourhoods(place: str) -> list[str]:
    """The neighbourhoods within a network that is wider than one, as far as they can be named."""
    wide, (_sender, neighbourhood) = parse(place), _lengths(place)
    if not 0 <= neighbourhood - wide.prefixlen <= WIDEST:
        return []
    return [str(one) for one in wide.subnets(new_prefix=neighbourhood)]


def beginning(place: str) -> str:
    """What the neighbourhoods within a very wide network begin with, "10." or "2001:db8:"; empty
    where they have no such beginning."""
    wide = parse(place)
    if wide.version == 4 and wide.prefixlen == 8:
        return str(wide).split(".")[0] + "."
    if wide.version == 6 and wide.prefixlen in (16, 32):
        return str(wide).split("::")[0] + ":"
    return ""


def _lengths(place: str) -> tuple[int, int]:
    """Of the networks that are one sender, and one neighbourhood."""
    return (32, 24) if parse(place).version == 4 else (64, 48)


def contains(rule: str, address: str) -> bool:
    """Whether an address lies within a rule, itself an address or a range."""
    wide, one = parse(rule), parse(address)
    if isinstance(wide, IPv4Network) and isinstance(one, IPv4Network):
        return one.subnet_of(wide)
    if isinstance(wide, IPv6Network) and isinstance(one, IPv6Network):
        return one.subnet_of(wide)
    return False


def _around(one: Network, length: int) -> Network:
    return one if one.prefixlen < length else one.supernet(new_prefix=length)


def _unmapped(network: Network) -> Network:
    first = network.network_address
    if isinstance(first, IPv6Address) and first.ipv4_mapped and network.prefixlen >= MAPPED:
        return IPv4Network((first.ipv4_mapped, network.prefixlen - MAPPED))
    return network
