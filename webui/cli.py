"""The `marsad` command: the indexer's commands, and `serve`."""

import click
import waitress

from indexer.cli import complaining, marsad
from indexer.registry import open_engine, parts

__all__ = ["main", "marsad"]


@marsad.command()
@click.option("--index", "index_dir", required=True, metavar="DIR", help="Folder of the index.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1))
@complaining
def serve(index_dir: str, host: str, port: int, threads: int) -> None:
    """Serve the search page of an index until interrupted."""
    from webui.app import create_app  # noqa: PLC0415  (Flask loads for this command only)

    wanted = parts()
    engine = open_engine(index_dir, wanted.analyzer)
    app = create_app(engine, wanted.analyzer, wanted.gazetteer)
    # What loads on demand is loaded now, so that the first page is as fast as the next.
    app.test_client().get("/search", query_string={"q": "في"})
    server = waitress.create_server(app, host=host, port=port, threads=threads)
    click.echo(f"Marsad: http://{host}:{server.effective_port}/", err=False)
    try:
        server.run()
    finally:
        engine.close()


def main() -> None:
    """Run the command line."""
    marsad(prog_name="marsad")
