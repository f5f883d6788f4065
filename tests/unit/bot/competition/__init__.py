"""Tests of boards, teams and competitions."""
