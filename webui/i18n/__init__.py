"""Interface languages: one catalogue file for each."""
