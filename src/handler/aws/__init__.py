"""Everything that talks to an AWS service."""
