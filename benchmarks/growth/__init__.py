"""What a past of a million reservations costs whoever reads today."""
