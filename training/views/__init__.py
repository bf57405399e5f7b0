"""Pages; each module is about one kind of reader or noun."""
