"""`python -m tutor.engine.host`: a host."""

from tutor.engine.host.server import main

main()
