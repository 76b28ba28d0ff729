"""Outages played against one's own pair documents, on this machine, and a report of how it went."""
