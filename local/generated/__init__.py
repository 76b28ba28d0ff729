"""What is written once and shipped: parts of botocore's models, authorities, checks of schemas."""
