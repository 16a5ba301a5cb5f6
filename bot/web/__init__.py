"""Where Flask ends: the callback, health, and later the console."""
