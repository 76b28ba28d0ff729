"""The provider's operations, and what stands between a request and its answer."""
