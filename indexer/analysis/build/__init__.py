"""Build: makes `data/morphology.bin`, the memory-mapped table of forms and lemmas.

It needs the extra `marsad[build]`; `python -m marsad.indexer.analysis.build` takes a few
minutes. Nothing is downloaded: all sources are in Python packages and in `indexer/analysis/data`.
"""
