"""``python -m suanlian``."""

from suanlian.cli import main

if __name__ == "__main__":
    main()
