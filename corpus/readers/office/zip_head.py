"""Zip head: the members of a zip archive that its first bytes show.

A document in an archive is not taken for the archive: the members are walked by their sizes.
"""

import struct

_LOCAL = b"PK\x03\x04"
_HEADER = struct.Struct("<4sHHHHHIIIHH")
_STREAMED = 8


def members_of_head(head: bytes) -> tuple[list[str], bytes]:
    r"""Return the names of the members that *head* shows, and the content of one `mimetype`.

    The walk ends at the end of *head*, or at a stored member whose size is not said before it.

    Example:
        >>> members_of_head(b"PK\x05\x06")
        ([], b'')
    """
    at = 0
    names: list[str] = []
    mimetype = b""
    while head[at : at + 4] == _LOCAL and at + _HEADER.size <= len(head):
        fields = _HEADER.unpack_from(head, at)
        flags, method, packed, name_length, extra = fields[2], fields[3], fields[7], *fields[9:]
        begin = at + _HEADER.size
        name = head[begin : begin + name_length].decode("utf-8", "replace")
        names.append(name)
        data = begin + name_length + extra
        if name == "mimetype" and method == 0:
            size = packed or head.find(_LOCAL, data) - data
            mimetype = head[data : data + max(0, size)]
        at = data + packed
        if flags & _STREAMED and not packed:
            # The size is below the data.
            at = head.find(_LOCAL, data) if method else -1
            if at < 0:
                break
    return names, mimetype
