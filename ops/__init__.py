"""How the portal is set up, run, tested and checked on one machine."""
