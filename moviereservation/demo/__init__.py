"""The demo cinema: what it shows, where, and when. Data and pure functions; nothing here writes."""
