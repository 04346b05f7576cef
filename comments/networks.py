"""Placeholder."""

import ipaddress


def host(address: str) -> str:
    return _block(address, 32, 64)


def network(address: str) -> str:
    return _block(address, 24, 48)


def _block(address: str, four: int, six: int) -> str:
    ip = ipaddress.ip_address(address)
    length = four if ip.version == 4 else six
    net = str(ipaddress.ip_network(f"{ip}/{length}", strict=False))
    return net.removesuffix("/32")
