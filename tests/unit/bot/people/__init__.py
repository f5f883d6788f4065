"""Tests of who practises."""
