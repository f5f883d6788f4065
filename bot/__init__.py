"""The core of Warmup: no platform, no database driver, no global state and no clock of its own."""

__version__ = "0.1.0"
