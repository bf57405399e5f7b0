"""The feedback of the demo organisation: every text is written for it, every person is made up."""

from feedback.demo.build import build

__all__ = ["build"]
