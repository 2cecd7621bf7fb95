"""The command palette, fed by the registry of actions: those that act on the screen below it, and lessons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tutor.tui import actions


class ActionCommands(Provider):
    """Every action that can be taken now, and every lesson by its title."""

    def _offers(self) -> Iterator[tuple[str, str, Callable[[], Any]]]:
        seen = set()
        for namespace, binding, enabled, _ in self.screen.active_bindings.values():
            action = actions.of_binding(binding)
            if action is None or not enabled or not action.help or action.id in seen or ";" in action.action:
                continue
            seen.add(action.id)
            yield action.help, action.every_key(), partial(self.app.run_action, binding.action, namespace)
        app: Any = self.app
        for entry in app.course.lessons:
            yield f"{entry.number} {entry.title}", "lesson", partial(app.open_lesson, entry.id)

    async def discover(self) -> Hits:
        for words, keys, call in self._offers():
            yield DiscoveryHit(words, call, help=keys)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for words, keys, call in self._offers():
            score = matcher.match(words)
            if score > 0:
                yield Hit(score, matcher.highlight(words), call, help=keys)
