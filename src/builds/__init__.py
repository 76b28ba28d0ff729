"""What `sam build` runs for each package: nothing of it is shipped, and it needs Python alone."""
