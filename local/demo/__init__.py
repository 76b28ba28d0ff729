"""A failover from alarm to notification, deployed and played on this machine."""
