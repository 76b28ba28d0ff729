"""A disaster-recovery pair as plain values and rules: no sockets, no clock of its own."""
