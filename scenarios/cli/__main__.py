"""`python -m scenarios.cli` is `syncdrill`."""

import sys

from scenarios.cli import main

sys.exit(main())
