"""Web interface: a search page over any engine."""
