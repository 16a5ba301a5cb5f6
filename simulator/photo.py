"""A picture to send when it does not matter which: a small PNG, different each time."""

import secrets
import struct
import zlib

WIDTH, HEIGHT = 240, 160


def sample_photo() -> bytes:
    """Return a PNG of a sky over a field; its shade is random, so that no two are the same."""
    shade = secrets.randbelow(60)
    rows = b"".join(b"\0" + bytes(_colour(row, shade)) * WIDTH for row in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    noise = secrets.token_hex(8).encode()
    chunks = (b"IHDR", header), (b"tEXt", b"Comment\0" + noise), (b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in (*chunks, (b"IEND", b"")))


def _colour(row: int, shade: int) -> tuple[int, int, int]:
    if row < HEIGHT * 2 // 3:
        return 120 + row // 2, 170 + row // 3, 235 - shade // 2
    return 90 + shade, 150 - row // 8, 80


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
