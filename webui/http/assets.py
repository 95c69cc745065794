"""Assets: URLs of static files with a hash of their content.

The URL changes with the content, so a browser may keep the file for ever.
"""

import hashlib
from functools import cache
from importlib.resources import files


@cache
def asset_url(name: str) -> str:
    """Return the URL of a file in `webui/static/`; *name* is its file name."""
    digest = hashlib.sha256(files("marsad.webui").joinpath("static", name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:10]}"
