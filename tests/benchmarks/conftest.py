"""The peers' packages are extras: their modules are imported by a run, never by the collection."""

collect_ignore = ["peers"]
