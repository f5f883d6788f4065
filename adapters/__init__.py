"""The outside world: each package here implements ports of the core and decides nothing."""
