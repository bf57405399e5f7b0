"""Network addresses as far as they need to be known."""

from ipaddress import ip_address, ip_network

IPV4_BITS, IPV6_BITS = 24, 48


def shortened(address: str | None) -> str | None:
    """The address of the network: the last part of it becomes zero."""
    if not address:
        return None
    found = ip_address(address)
    bits = IPV4_BITS if found.version == 4 else IPV6_BITS
    return str(ip_network((found, bits), strict=False).network_address)
