"""Rules that only compute; the standard library is all they need."""
