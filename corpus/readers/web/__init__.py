"""Web: readers of saved pages and of archives of crawlers."""
