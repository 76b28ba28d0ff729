"""Sockets: ports, connections, and answers that are spoiled on their way."""
