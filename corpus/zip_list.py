"""Zip list: the list of members at the end of a zip archive, checked before members are read."""

import struct
import zipfile
from collections.abc import Sequence
from typing import IO

# `zipfile` reads the whole list into objects of about 700 bytes. An archive of a million articles
# is better split.
MOST_MEMBERS = 1_000_000
_MOST_LIST_BYTES = 128 * 1024 * 1024
_LEAST_ENTRY = 46
_LOCAL_HEADER = 30
# The end of the archive: 22 bytes and a comment of at most 64 kB.
_END = struct.Struct("<4s4H2LH")
_LARGE_END = struct.Struct("<4sQ2H2L4Q")
_LARGE = 0xFFFFFFFF


def check_list(archive: IO[bytes]) -> int:
    """Check that the list of an archive that can seek is not too long for the memory.

    Returns:
        The number of members that the archive states, folders included; never more than its list
        has room for. 0 if it has no list.

    Raises:
        BadZipFile: it is too long.
    """
    size = archive.seek(0, 2)
    begin = archive.seek(max(0, size - _END.size - 0xFFFF - _LARGE_END.size - 20))
    tail = archive.read()
    archive.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        return 0
    fields = _END.unpack_from(tail, at)
    members, list_bytes = fields[4], fields[5]
    large = tail.rfind(b"PK\x06\x06", 0, at)
    if large >= 0 and large + _LARGE_END.size <= len(tail):
        fields = _LARGE_END.unpack_from(tail, large)
        members, list_bytes = max(members, fields[7]), min(fields[8], begin + at)
    # The number may be a lie; the bytes of the list are not, because they are read.
    if members > MOST_MEMBERS or list_bytes > _MOST_LIST_BYTES:
        raise zipfile.BadZipFile(
            f"found {members} members in a list of {list_bytes} bytes, expected at most "
            f"{MOST_MEMBERS} members; split the archive"
        )
    return int(min(members, list_bytes // _LEAST_ENTRY))


def without_overlaps(
    members: Sequence[zipfile.ZipInfo],
) -> tuple[list[zipfile.ZipInfo], list[zipfile.ZipInfo]]:
    """Return the members that have bytes of their own, and those that share bytes with others.

    Of several members over the same bytes, the first one counts as their owner.
    """
    ordered = sorted(members, key=lambda each: each.header_offset)
    own: list[zipfile.ZipInfo] = []
    sharing: list[zipfile.ZipInfo] = []
    following: int | None = None
    for at in range(len(ordered) - 1, -1, -1):
        member = ordered[at]
        start = member.header_offset
        if at > 0 and ordered[at - 1].header_offset == start:
            sharing.append(member)
            continue
        end = start + _LOCAL_HEADER + member.compress_size
        (own if following is None or end <= following else sharing).append(member)
        following = start
    return own[::-1], sharing[::-1]
