"""Settings: the choices of the operator of a server, apart from the index."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path

RATE = "240 per minute"
TIME_LIMIT_S = 10.0
# One process streams this many exports at a time; further requests get 503.
EXPORTS_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of a server. Without *password* and *user_header*, everybody may read.

    Args:
        password: One password for all readers, by HTTP Basic authentication. Empty: none.
        user_header: The header in which a reverse proxy names the user that it let in. A request
            without it is refused. Empty: not needed.
        proxies: The number of reverse proxies in front of the server that add the client's address.
        rate: The most requests of one address, in the notation of Flask-Limiter. Empty: no limit.
            Requests from this machine are not limited.
        time_limit_s: The most seconds that a request may take to search and to prepare its page;
            0: no limit. The default is 0 because the first search on a new machine compiles the
            kernels; `serve` does that before it listens, and sets TIME_LIMIT_S. The clock is read
            between steps. The time to send an export does not count.
        font: A font file (WOFF2, WOFF, TTF, OTF) for titles, passages and articles. The server
            sends it itself.
        entities: The operator's own authority file; its entities win over the bundled ones.
        started: A random string of each start. It is part of every ETag, so that a browser does not
            reuse a page of an older program.
    """

    password: str = ""
    user_header: str = ""
    proxies: int = 0
    rate: str = RATE
    time_limit_s: float = 0.0
    font: Path | None = None
    entities: Path | None = None
    started: str = field(default_factory=lambda: secrets.token_hex(4))
