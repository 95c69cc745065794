"""Stock Whoosh reads an index of Marsad through these modules; `index` shows how.

Door: index.
"""
