"""Slows down whoever tries codes on the public page: so many unknown ones from an address, then a pause.

The count is kept in the cache, in windows that begin with the first unknown code. Known codes are neither counted
nor refused, so that nobody is kept from a certificate by the guesses of others behind the same address.
"""

import ipaddress
import logging

import redis
from allauth.account.adapter import get_adapter
from django.core.cache import cache

logger = logging.getLogger(__name__)

UNKNOWN_CODES = 30
WINDOW_SECONDS = 10 * 60


def is_too_often(request) -> bool:
    """Count one more unknown code from the request's address; whether that is more than we answer.

    A cache that does not answer slows nobody down: the codes are unguessable with or without it.
    """
    key = f"unknown-code:{_origin(request)}"
    try:
        cache.add(key, 0, WINDOW_SECONDS)
        return cache.incr(key) > UNKNOWN_CODES
    except ValueError:
        # The window ended between the two calls: this is the first of the next.
        return False
    except (OSError, redis.RedisError) as problem:
        logger.warning("unknown codes are not counted: %s", problem)
        return False


def _origin(request) -> str:
    """The address that is counted. A household has 2 to the 64th of the new kind, which count as one."""
    address = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    if address.version == 6 and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)
