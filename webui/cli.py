"""The `marsad` command: the indexer's commands, and `serve`."""

from indexer.cli import marsad

marsad.modules["serve"] = "webui.serve_cli"

__all__ = ["main", "marsad"]


def main() -> None:
    """Run the command line."""
    marsad(prog_name="marsad")
