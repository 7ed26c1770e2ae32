"""`python -m claimaudit`."""

from .cli import main

main()
