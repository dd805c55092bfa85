"""`python -m vetline` is the command `vetline`."""

from vetline.cli.main import main

main()
