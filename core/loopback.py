"""Whether a request comes from this machine: what demonstration accounts and pages depend on."""

import ipaddress
from functools import lru_cache

# A proxy on this machine connects from the loopback address too; what it forwards comes from elsewhere.
FORWARDING_HEADERS = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


def is_loopback(request) -> bool:
    """Whether the request was made on this machine, by a browser that talks to us without a proxy.

    In doubt the answer is no: no request, no address, an address that cannot be read.
    """
    if request is None or any(header in request.META for header in FORWARDING_HEADERS):
        return False
    return _is_loopback(request.META.get("REMOTE_ADDR", ""))


@lru_cache(maxsize=256)
def _is_loopback(remote: str) -> bool:
    try:
        address = ipaddress.ip_address(remote)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
