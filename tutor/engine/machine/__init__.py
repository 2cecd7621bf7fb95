"""What the machine has, and how it is shared: known to both sides of the socket. No asyncio, no numpy."""
