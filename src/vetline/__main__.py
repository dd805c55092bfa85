"""The command `vetline`, also as `python -m vetline`. What is not installed is said in a sentence."""

import sys


def main() -> None:
    """Run the command line."""
    try:
        from vetline.cli.main import main as run
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("vetline"):
            raise
        sys.exit(f"vetline: the command line needs more packages ({error.name}): pip install 'vetline[cli]'")
    run()


if __name__ == "__main__":
    main()
