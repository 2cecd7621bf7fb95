"""The side of the window and the command line: finds or starts a host, sends jobs, gives events. No numpy."""
