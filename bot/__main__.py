"""`python -m bot`: the command line (contract.md section 2)."""

import sys

from bot.cli import main

sys.exit(main(sys.argv[1:]))
