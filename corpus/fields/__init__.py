"""Fields: from the columns, and the values in them, to the fields of an article."""
