"""Eight policies of Riverbend Health, written for this product; people and signatures are made up."""

from policies.demo.build import build

__all__ = ["build"]
