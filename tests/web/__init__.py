"""Web: pages, downloads and API, asked for as clients do, without a browser."""
