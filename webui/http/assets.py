"""Assets: addresses of static files that change with their content, so that they are kept."""

import hashlib
from functools import cache
from importlib.resources import files


@cache
def asset_url(name: str) -> str:
    """Return the address of a file in `webui/static/`."""
    digest = hashlib.sha256(files("marsad.webui").joinpath("static", name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:10]}"
