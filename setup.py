"""Packages: every folder of corpus, indexer and webui is installed under the name marsad.

All else is in pyproject.toml, which has no pattern for packages that are renamed.
"""

from setuptools import find_packages, setup

FOLDERS = find_packages(include=["corpus*", "indexer*", "webui*"])

setup(packages=["marsad", *(f"marsad.{name}" for name in FOLDERS)])
