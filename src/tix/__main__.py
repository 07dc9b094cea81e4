"""``python -m tix``."""

import sys

from tix.cli.main import main

sys.exit(main())
