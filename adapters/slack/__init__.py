"""Slack: translates its payloads to events and Warmup's messages to Block Kit, and decides nothing."""
