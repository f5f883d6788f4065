"""The question of the day: when it is posted, which one it is, who answered it, what came of it."""
