"""An engine that keeps its indexes in memory, to show what the rest asks of an engine."""
