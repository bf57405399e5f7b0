"""Reads; each module is about one page or noun."""
