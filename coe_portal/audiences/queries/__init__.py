"""Reads over audiences, past and present; each makes a constant number of queries."""
