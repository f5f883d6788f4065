"""What the tests of the Discord adapter lean on: a loopback of Discord and readers of what is sent to it."""
