"""The command of every minute: it looks after every pair."""
