"""XML: readers of XML files that are no feeds, one module for each family."""
