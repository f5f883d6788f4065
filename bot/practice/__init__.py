"""Practising: a question shown to one person, their answer, what it earns."""
