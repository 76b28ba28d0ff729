"""The handlers that the function is measured beside; each is put into a package of its own."""
