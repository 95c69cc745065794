"""Peers: each system behind one small protocol."""
