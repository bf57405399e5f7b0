"""Riverbend Health's courses and who has learnt what: made up, to show the portal."""

from training.demo.build import build

__all__ = ["build"]
