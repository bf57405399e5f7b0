"""Every write to training, a module a noun."""
