"""Routes, guards, errors and the server."""
