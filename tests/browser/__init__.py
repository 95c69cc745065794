"""Browser: the pages in a real Chromium, on a real server."""
