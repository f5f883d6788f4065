"""Tests of Warmup."""
