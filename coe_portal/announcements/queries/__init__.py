"""Reads over announcements, a module a question."""
