"""The command line of the indexer: a module for each command.

Door: main, options.
"""
