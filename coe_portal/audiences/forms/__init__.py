"""The builder of rules, and small forms."""
