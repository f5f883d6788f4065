"""Discord: translates its interactions to events and Warmup's messages to Components V2, and decides nothing."""
