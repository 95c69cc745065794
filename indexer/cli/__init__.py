"""The command line of the indexer; each command has a module of its name.

Door: main, options.
"""
