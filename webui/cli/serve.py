"""Serve command: `serve` shows an index to browsers."""

import os
from functools import partial
from pathlib import Path

import click

from marsad.indexer.cli.options import entities_option, index_option, reports_errors
from marsad.indexer.parts import parts
from marsad.indexer.registry import open_engine
from marsad.webui.state.settings import RATE, TIME_LIMIT_S, Settings


@click.command()
@index_option
@entities_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--threads", default=4, show_default=True, type=click.IntRange(1), help="Of a process."
)
@click.option(
    "--workers", default=None, type=click.IntRange(1), help="Processes; default: one a core."
)
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="One password for all readers is this file's first line (or $MARSAD_PASSWORD).",
)
@click.option("--user-header", default="", help="Header in which a reverse proxy names its user.")
@click.option("--proxies", default=0, type=click.IntRange(0, 9), help="Reverse proxies before it.")
@click.option(
    "--rate", default=RATE, show_default=True, help="Requests of one address; '' for any."
)
@click.option(
    "--time-limit",
    "time_limit_s",
    default=TIME_LIMIT_S,
    show_default=True,
    type=click.FloatRange(0),
    metavar="SECONDS",
    help="For one request to search and show; 0 for any time.",
)
@click.option(
    "--font",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A font file for titles and articles, served with the pages.",
)
@reports_errors
def serve(
    index_dir: str,
    entities_file: Path | None,
    host: str,
    port: int,
    threads: int,
    workers: int | None,
    password_file: Path | None,
    user_header: str,
    proxies: int,
    rate: str,
    time_limit_s: float,
    font: Path | None,
) -> None:
    """Serve the search page of an index until interrupted."""
    from marsad.webui.app import create_app, open_app  # noqa: PLC0415  (Flask loads on demand)
    from marsad.webui.http.font import FORMATS  # noqa: PLC0415
    from marsad.webui.http.server import Listening, listen, run  # noqa: PLC0415

    settings = Settings(
        password=_password(password_file),
        user_header=user_header,
        proxies=proxies,
        rate=rate,
        time_limit_s=time_limit_s,
        font=font,
        entities=entities_file,
    )
    if font is not None and font.suffix.lower() not in FORMATS:
        raise click.ClickException(f"{font}: expected a file ending in {', '.join(FORMATS)}.")
    where = Listening(
        host=host,
        port=port,
        threads=threads,
        workers=workers or min(os.cpu_count() or 1, 8),
        behind_proxy=bool(proxies),
    )
    try:
        sock = listen(where)
    except OSError as error:
        message = f"{host}:{port}: cannot listen here ({error}). Take another --host or --port."
        raise click.ClickException(message) from error
    wanted = parts(entities=entities_file)
    engine = open_engine(index_dir, wanted.analyzer)
    # What loads on demand is loaded now, so that the first page is as fast as the next.
    warm = create_app(engine, wanted.analyzer, wanted.gazetteer)
    warm.test_client().get("/search", query_string={"q": "في"})
    engine.close()
    address = f"[{host}]" if ":" in host else host
    click.echo(f"Marsad: http://{address}:{sock.getsockname()[1]}/")
    if host not in ("127.0.0.1", "::1", "localhost") and not (settings.password or user_header):
        click.echo("Whoever reaches this address can read; see --password-file.", err=True)
    run(sock, where, partial(open_app, index_dir, settings))


def _password(path: Path | None) -> str:
    if path is None:
        return os.environ.get("MARSAD_PASSWORD", "")
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0]:
        raise click.ClickException(f"{path}: found no password in the first line.")
    return lines[0]
