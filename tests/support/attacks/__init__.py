"""What attackers try, as tables: tests play them, and docs/security.md says how many there are."""
