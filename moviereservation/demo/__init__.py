"""The demo cinema: what it shows, where, and when. Only `cinema` writes it into the database."""
