"""What ids look like."""

from __future__ import annotations

import re

ID = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*\Z")
"""Small letters, figures and hyphens: `gradient-descent`."""
