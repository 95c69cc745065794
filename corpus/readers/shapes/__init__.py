"""Shapes: records as databases, services and scrapers export them, made plain for an article."""
