"""Reading: what reading pages and finding dates costs, beside the tools that do it."""
