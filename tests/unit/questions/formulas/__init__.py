"""Families of numeric questions."""
