"""Building: from articles to the committed batches of an index.

Door: batch, document, dry_run, duplicates, progress, relink, reports, workers.
"""
