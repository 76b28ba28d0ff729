"""From an alarm to one order and its proven end."""
