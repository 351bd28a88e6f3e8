"""The names of steps: the same in every release and every language."""

import uuid


def node_key(translation_key: uuid.UUID, block_id: str = "") -> uuid.UUID:
    """The name of a step in all releases and languages.

    A copied page keeps its block ids, so ids alone are not enough: the page's translation key is part of the name.
    """
    return uuid.uuid5(translation_key, block_id)
