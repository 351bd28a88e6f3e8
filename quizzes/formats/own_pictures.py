"""Pictures that were painted here before, known by what they are made of. Pure.

JPEG and lossy WebP are other bytes each time they are painted, and a little worse. What this platform has painted,
an exported bank brings to another installation unchanged: there it is painted again to be looked at, and compared. A
picture is taken for our own where it holds nothing but its pixels, packed as we pack them, in as many bytes: nothing
can be hidden in it that painting would have taken away.
"""

import io
import struct

from PIL import Image

_JPEG_PARTS = {0xC0, 0xC4, 0xDA, 0xDB, 0xE0}  # frame, Huffman tables, scan, quantisation tables, JFIF
_JFIF_BYTES = 16
_END = b"\xff\xd9"
_WEBP_PARTS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
# Painted again, a picture of ours has as many bytes but for what the arithmetic rounds.
_MOST_MORE, _FEW = 1.02, 64


def is_own(data: bytes, painted: bytes, extension: str) -> bool:
    """Whether a picture was painted here before; `painted` is what painting it anew has made of it now."""
    if len(data) > _MOST_MORE * len(painted) + _FEW:
        return False
    if extension == "jpg":
        return _is_bare_jpeg(data) and _packing(data) == _packing(painted)
    return extension == "webp" and _is_bare_webp(data)


def _packing(data: bytes) -> tuple:
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
        return picture.mode, picture.size, picture.quantization  # type: ignore[attr-defined]


def _is_bare_jpeg(data: bytes) -> bool:
    """Whether its segments are those that Pillow writes, up to one scan and the end."""
    at = 2
    while at + 4 <= len(data):
        mark, part, length = data[at], data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if mark != 0xFF or part not in _JPEG_PARTS or (part == 0xE0 and length != _JFIF_BYTES):
            return False
        at += 2 + length
        if part == 0xDA:
            scan = data[at:-2].replace(b"\xff\x00", b"")
            return data.endswith(_END) and b"\xff" not in scan
    return False


def _is_bare_webp(data: bytes) -> bool:
    if len(data) < 12 or struct.unpack("<I", data[4:8])[0] + 8 != len(data):
        return False
    at = 12
    while at + 8 <= len(data):
        if data[at : at + 4] not in _WEBP_PARTS:
            return False
        length = struct.unpack("<I", data[at + 4 : at + 8])[0]
        at += 8 + length + length % 2
    return at == len(data)
