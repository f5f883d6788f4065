"""Comparing: boards of a workspace."""
