"""A small local chat in the browser: for trying Warmup without Discord or Slack, and the reference adapter."""
