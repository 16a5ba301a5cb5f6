"""Messages on their way to people: queued with the work that causes them, sent once."""
