"""Looks into the product from its own process: where its time goes, which files it touches."""
