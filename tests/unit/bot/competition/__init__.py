"""Tests of practising."""
