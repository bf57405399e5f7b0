"""Pages about audiences: built, looked through, kept up to date each morning. The nouns live in people."""
