"""Readers of what office programs write: documents, sheets and books."""
