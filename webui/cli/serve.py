"""`marsad serve`: serve the search page of an index."""

import os
from functools import partial
from pathlib import Path

import click

from marsad.indexer.cli.options import (
    LOG,
    CommandError,
    entities_option,
    index_option,
    reports_errors,
)
from marsad.indexer.parts import parts
from marsad.indexer.registry import open_engine
from marsad.webui.state.settings import RATE, TIME_LIMIT_S, Settings


@click.command()
@index_option
@entities_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--threads", default=4, show_default=True, type=click.IntRange(1), help="Threads per process."
)
@click.option(
    "--workers", default=None, type=click.IntRange(1), help="Processes [one per core, at most 8]."
)
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File whose first line is the password for all readers (or set MARSAD_PASSWORD).",
)
@click.option("--user-header", default="", help="Header in which a reverse proxy names the user.")
@click.option(
    "--proxies", default=0, type=click.IntRange(0, 9), help="Number of reverse proxies in front."
)
@click.option(
    "--rate", default=RATE, show_default=True, help="Most requests of one address; '' for no limit."
)
@click.option(
    "--time-limit",
    "time_limit_s",
    default=TIME_LIMIT_S,
    show_default=True,
    type=click.FloatRange(0),
    metavar="SECONDS",
    help="Longest time for one request; 0 for no limit.",
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
    """Serve the search page of an index until SIGINT or SIGTERM.

    Exit code 0: stopped by a signal; 2: wrong usage, or an address or an index that cannot be used.
    """
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
        raise CommandError(f"{font}: expected a file ending in {', '.join(FORMATS)}.")
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
        raise CommandError(message) from error
    program = parts(entities=entities_file)
    engine = open_engine(index_dir, program.analyzer)
    # Modules and kernels load on demand. One search loads them before the workers are forked.
    warm = create_app(engine, program.analyzer, program.gazetteer)
    warm.test_client().get("/search", query_string={"q": "في"})
    engine.close()
    address = f"[{host}]" if ":" in host else host
    click.echo(f"Marsad: http://{address}:{sock.getsockname()[1]}/")
    if host not in ("127.0.0.1", "::1", "localhost") and not (settings.password or user_header):
        LOG.warning("everybody who reaches this address can read; see --password-file")
    run(sock, where, partial(open_app, index_dir, settings))


def _password(path: Path | None) -> str:
    if path is None:
        return os.environ.get("MARSAD_PASSWORD", "")
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0]:
        raise CommandError(f"{path}: found no password in the first line.")
    return lines[0]
