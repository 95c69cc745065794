"""Settings: what the operator of a server decides, apart from the index."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path

RATE = "240 per minute"
TIME_LIMIT_S = 10.0
# So many exports are streamed by one process; more are asked to wait.
EXPORTS_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Without *password* and *user_header*, whoever reaches the server may read.

    Args:
        password: One password for all, asked for by HTTP Basic authentication.
        user_header: The header in which a reverse proxy names the user it let in; a
            request without it is refused.
        proxies: How many reverse proxies stand before the server and name the client.
        rate: How often one address may ask, in the notation of Flask-Limiter; loopback
            is not limited. Empty: no limit.
        time_limit_s: How long one request may search and prepare its page, in seconds; 0: any
            time, because the first search of a new machine compiles the kernels. `serve` does
            that beforehand and sets TIME_LIMIT_S. The clock is asked
            between steps. Sending an export is not bounded.
        font: A font file (WOFF2, WOFF, TTF, OTF) for what was written by others: titles,
            passages, articles. It is served by us, never from elsewhere.
        entities: The operator's own authority file; its entities win over the bundled ones.
        started: Changes with each start, so that no page of an older program is reused.
    """

    password: str = ""
    user_header: str = ""
    proxies: int = 0
    rate: str = RATE
    time_limit_s: float = 0.0
    font: Path | None = None
    entities: Path | None = None
    started: str = field(default_factory=lambda: secrets.token_hex(4))
