"""The command line: options, settings, messages and reports."""
