"""What the operator sees and sets, over HTTP on the sync core's own port: JSON in and out, a table a theme."""

from __future__ import annotations

from sync_core.shell.operator.pages import answer, is_local, serve

__all__ = ["answer", "is_local", "serve"]
