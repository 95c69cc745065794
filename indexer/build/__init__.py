"""Building: from articles to the committed batches of an index.

Door: batch, document, dry_run, duplicates, identity, progress, relink, reports, workers.
"""
