"""The content of an item version as one thing: what it is known by when people approve it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

PARTS = ("kind", "difficulty", "tags", "rad_factors", "structure", "texts")


def digest(content: Mapping[str, Any]) -> str:
    """The SHA-256 of everything a version says and counts. Equal for two versions exactly where learners, graders and
    authors would see no difference: the order of keys does not count, the order of options does.
    """
    parts = {part: content[part] for part in PARTS}
    written = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
