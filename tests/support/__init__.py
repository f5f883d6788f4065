"""What several tests need: a clock that stands still, people, small banks."""
