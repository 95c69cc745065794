"""HTTP: routes, access control, error pages and the server."""
