"""Tables and their queries, one noun a file. Only `database.py` commits."""
