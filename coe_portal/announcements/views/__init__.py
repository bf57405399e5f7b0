"""Announcements for readers, for the strategists who write them, and for those who follow up."""
