"""Find, and what strategists do so that more is found."""
