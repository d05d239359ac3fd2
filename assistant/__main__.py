"""`python -m assistant`: the command line."""

import sys

from assistant.cli.main import main

sys.exit(main(sys.argv[1:]))
