"""Kernels: the inner loops over arrays, compiled by numba.

Two rules keep them fast; `marsad.indexer.compiled` says more. Arrays are taken out of their named
tuple before a loop, and small helpers are compiled into the kernels that call them.
"""
