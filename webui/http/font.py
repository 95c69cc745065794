"""Font: serves an Arabic web font that the operator chose."""

import hashlib

from flask import Flask, Response

from marsad.webui.state.settings import Settings

FORMATS = {".woff2": "woff2", ".woff": "woff", ".ttf": "truetype", ".otf": "opentype"}
_FAMILY = "Marsad Naskh"


def add_font(app: Flask, settings: Settings) -> None:
    """Add the routes of the font, if there is one.

    Templates find the URL of its style sheet as `font_css`; it is empty without a font.
    """
    app.jinja_env.globals["font_css"] = ""
    if settings.font is None:
        return
    body, suffix = settings.font.read_bytes(), settings.font.suffix.lower()
    version = hashlib.sha256(body).hexdigest()[:10]
    style = font_style(f"/font?v={version}", FORMATS[suffix])
    app.jinja_env.globals["font_css"] = f"/font.css?v={version}"

    @app.get("/font.css")
    def font_css() -> Response:
        return Response(style, mimetype="text/css")

    @app.get("/font")
    def font() -> Response:
        return Response(body, mimetype=f"font/{suffix[1:]}")


def font_style(url: str, kind: str) -> str:
    """Return a style sheet that prefers the font to the fonts of the system.

    Args:
        url: The URL of the font file.
        kind: Its format, as CSS names it.
    """
    # The range limits the font to Arabic letters: a page without them does not load the file.
    return (
        f'@font-face{{font-family:"{_FAMILY}";src:url("{url}") format("{kind}");'
        "font-display:swap;unicode-range:U+0600-06FF,U+0750-077F,U+08A0-08FF,U+FB50-FDFF,"
        "U+FE70-FEFF,U+200C-200F}"
        f':root{{--read:"{_FAMILY}","Noto Naskh Arabic","Amiri","Geeza Pro","Noto Serif",serif}}'
    )
