"""The `marsad` command: the commands of the indexer, and `serve`."""
