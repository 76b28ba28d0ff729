"""Chaos on the deployed stack: many outages, random faults on every side, and a judge."""
