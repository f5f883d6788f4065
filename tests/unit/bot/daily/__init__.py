"""Tests of questions of the day."""
