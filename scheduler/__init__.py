"""What happens by itself: APScheduler ticks, and each tick does what is due."""
