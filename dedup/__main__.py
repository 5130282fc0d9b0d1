"""`python -m dedup` is the command `dedup`."""

import sys

from dedup.cli import main

sys.exit(main())
