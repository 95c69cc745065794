"""Pages: frozen values that the templates print."""
