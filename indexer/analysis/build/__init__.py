"""Build: makes `data/morphology.bin`, the mapped table of forms and lemmas.

Needs the extra `marsad[build]`; `python -m marsad.indexer.analysis.build` takes about five minutes.
Nothing is downloaded: all sources lie in packages and in `indexer/analysis/data`.
"""
