"""Whether a reader's line is to be spared: no pictures, sound or films until asked for, and no fonts."""

COOKIE = "line"
LOW, FULL = "low", "full"
CHOICES = (LOW, FULL)


def is_spared(request) -> bool:
    """What was chosen on this device counts first, then what the account prefers, then what the browser asks for.

    The device comes first because the line is its own: the same officer has a good one at headquarters and a poor one
    at the border post.
    """
    chosen = request.COOKIES.get(COOKIE)
    if chosen in CHOICES:
        return chosen == LOW
    preferred = getattr(getattr(request, "user", None), "saves_data", None)
    if preferred is not None:
        return preferred
    return request.META.get("HTTP_SAVE_DATA", "").lower() == "on"
