"""Interface languages: one catalogue file (LANG.json) for each, and text direction."""
