"""Measurements that are shown, not asserted: machines are noisy, so figures are ratios of one run."""
