"""The gates: thirteen pure rules, and what they come to together."""
