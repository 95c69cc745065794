"""Reading a request: its parameters, its limits, and the URLs that repeat or change it."""
