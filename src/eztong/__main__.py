"""Run the command line with ``python -m eztong``."""

from eztong.cli.main import main

if __name__ == "__main__":
    main()
