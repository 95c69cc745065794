"""Reading: the cost of reading pages and finding dates, beside other tools."""
