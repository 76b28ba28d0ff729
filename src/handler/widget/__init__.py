"""The function behind the dashboard's widget: draws how pairs stand, and can order nothing."""
