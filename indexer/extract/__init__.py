"""Extraction: the entities and dates an article speaks of.

Door: entities.authority, entities.entity, entities.features, entities.finder, entities.gazetteer,
entities.model, entities.sound, extract, mentions.
"""
