"""Tests of the pure parts of live rounds."""
