"""The nouns: what everything else is about. Pure."""
