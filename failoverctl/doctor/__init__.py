"""What can keep a deployment from being heard, from acting, and from telling: read and judged."""
