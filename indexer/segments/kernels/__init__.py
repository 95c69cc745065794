"""Kernels: the loops over arrays, compiled by numba, each written once."""
