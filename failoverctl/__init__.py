"""How people ask dws-failover, and order: failoverctl sends its commands, and does nothing else."""
