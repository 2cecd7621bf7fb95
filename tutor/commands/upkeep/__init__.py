"""How the tutor itself is: what is not well, its keys, its own mistakes."""
