"""Extraction: finds the entities and dates that an article mentions.

Door: entities.authority, entities.entity, entities.features, entities.finder, entities.gazetteer,
entities.model, entities.phonetic, extract, mentions.
"""
