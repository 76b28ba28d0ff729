"""A storm of alarms on the deployed stack: as many a second as the machine handles."""
