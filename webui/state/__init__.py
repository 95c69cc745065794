"""Server state: the open index, caches that depend on its generation, and the settings."""
