"""How work Chinese is read: numbers, money, counts, dates, points, status, whole messages. Pure."""
