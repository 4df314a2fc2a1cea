"""A page from parts that are the same for everybody and a few that are not, compressed or plain.

Compressing ninety kilobytes costs more than everything else that a kept page does. What is the same
for everybody is compressed once, and a gzip stream may be put together from parts (RFC 1951: each
part ends in a full flush, and so refers to nothing before it).
"""

import secrets
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

# RFC 1952: deflate, with a file name, no time, best compression, Unix.
HEAD = b"\x1f\x8b\x08\x08\0\0\0\0\x02\x03"
END = b"\x03\0"  # an empty last block
MOST_NOISE = 100


@dataclass(frozen=True, slots=True)
class Part:
    plain: bytes
    deflated: bytes


def part(text: str) -> Part:
    plain = text.encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Part(plain, packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH))


def gzipped(parts: Sequence[Part]) -> bytes:
    """The parts one after the other as one gzip stream.

    A file name of random length hides how well a guest's own parts were compressed, as Django does
    for every page (https://breachattack.com).
    """
    check, size = 0, 0
    for packed in parts:
        check = zlib.crc32(packed.plain, check)
        size += len(packed.plain)
    noise = b"a" * secrets.randbelow(MOST_NOISE) + b"\0"
    body = b"".join(packed.deflated for packed in parts)
    return HEAD + noise + body + END + struct.pack("<II", check, size & 0xFFFFFFFF)
