"""What runs on your own machine: the DWS emulator, the embedded AWS, the demo."""
