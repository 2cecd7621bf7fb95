"""The command palette, fed by the registry of actions: those that act on the screen below it, and lessons."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tutor.tui import actions
from tutor.tui.door import Offer, Offers, tutor_of


class ActionCommands(Provider):
    """Every action that can be taken now, and every lesson by its title."""

    def _offers(self) -> Iterator[Offer]:
        """What acts where the focus is, in the order of the line of keys; what holds everywhere; review; lessons;
        and leaving last."""
        here: list[tuple[int, Offer]] = []
        everywhere: list[tuple[int, Offer]] = []
        leave: list[tuple[int, Offer]] = []
        seen = set()
        for namespace, binding, enabled, _ in self.screen.active_bindings.values():
            action = actions.of_binding(binding)
            if action is None or not enabled or not action.help or action.id in seen or ";" in action.action:
                continue
            if action.action in ("none", "review"):
                continue  # keys that a widget takes by itself; review is offered on every screen, below
            seen.add(action.id)
            group = leave if action.action == "app.leave" else everywhere if action.place == "everywhere" else here
            offer = (action.help, action.every_key(), partial(self.app.run_action, binding.action, namespace))
            group.append((action.keep if action.keep >= 0 else 10, offer))
        for group in (here, everywhere):
            yield from (offer for _, offer in sorted(group, key=lambda one: one[0]))
        if isinstance(self.screen, Offers):
            yield from self.screen.palette_offers()
        tutor = tutor_of(self.app)
        yield "Review: answer the questions that are due again", "v on home", tutor.open_review
        for entry in tutor.course.lessons:
            yield f"{entry.number} {entry.title}", "lesson", partial(tutor.open_lesson, entry.id)
        yield from (offer for _, offer in leave[:1])

    async def discover(self) -> Hits:
        for words, keys, call in self._offers():
            yield DiscoveryHit(words, call, help=keys)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for words, keys, call in self._offers():
            score = matcher.match(words)
            if score > 0:
                yield Hit(score, matcher.highlight(words), call, help=keys)
