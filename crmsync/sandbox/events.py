"""Events: the portal tells handlers on loopback what has changed, each of them once, in good order or not at all."""

import random
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

from crmsync.sandbox.knobs import Knobs
from crmsync.sandbox.payloads import SHAPES, WORDS, Event, make_payload, write_form
from crmsync.sandbox.posting import Binding, is_near, post_form
from crmsync.sandbox.store import Store

VERBS = {"add": "Add", "update": "Update", "delete": "Delete"}
own_write: ContextVar[bool] = ContextVar("own_write", default=False)


@contextmanager
def writing_by_rest() -> Iterator[None]:
    """Mark the changes made meanwhile as a service's own, whose events are its echo."""
    token = own_write.set(True)
    try:
        yield
    finally:
        own_write.reset(token)


class Events:
    """What has happened and is to be told. `deliver` tells it; what a handler did not take is lost."""

    def __init__(self, store: Store, knobs: Knobs, *, stem: str = "", seed: int = 1) -> None:
        self.store = store
        self.knobs = knobs
        self.token = f"{stem}-application"
        self.bindings: list[Binding] = []
        self.waiting: deque[Event] = deque()
        self.answers: list[tuple[str, int]] = []
        self._chance = random.Random(seed)
        self._watching = False

    def bind(self, url: str, *, token: str | None = None, names: tuple[str, ...] = (), is_app: bool = False) -> Binding:
        """Register a handler, as an outgoing webhook or, with `is_app`, as an application's.

        Raises: ValueError for a handler anywhere but on this machine.
        """
        if not is_near(url):
            raise ValueError("a handler must listen on http://127.0.0.1")
        number = max((known.number for known in self.bindings), default=0) + 1
        heard = frozenset(name.upper() for name in names)
        binding = Binding(number, url, self.token if token is None else token, names=heard, is_app=is_app)
        self.bindings.append(binding)
        self._watch()
        return binding

    def deliver(self) -> int:
        """Tell everything that waits, once, as the knobs have it; return how many posts were taken."""
        told = [self.waiting.popleft() for _ in range(len(self.waiting))]
        posts = [
            (event, binding)
            for event in told
            for binding in self.bindings
            if binding.hears(event) and self._chance.random() >= self.knobs.event_drop
            for _ in range(self.knobs.event_copies)
        ]
        if self.knobs.event_order == "reversed":
            posts.reverse()
        elif self.knobs.event_order == "shuffled":
            self._chance.shuffle(posts)
        statuses = [self._post(event, binding) for event, binding in posts]
        return sum(200 <= status < 300 for status in statuses)

    def _post(self, event: Event, binding: Binding) -> int:
        shape = self.knobs.event_shape
        shape = SHAPES[len(self.answers) % len(SHAPES)] if shape == "mixed" else shape
        auth = {**self._describe_portal(), **self._prove(binding)}
        payload = make_payload(event, auth, handler=binding.number, at=self.store.clock(), shape=shape)
        status = post_form(binding.url, write_form(payload))
        self.answers.append((event.name, status))
        return status

    def _prove(self, binding: Binding) -> dict[str, str]:
        proofs = {"right": binding.token, "wrong": "guessed"}
        proof = self.knobs.event_proof
        return {"application_token": proofs[proof]} if proof in proofs else {}

    def _describe_portal(self) -> dict[str, str]:
        return {"domain": "sandbox.example", "client_endpoint": "https://sandbox.example/rest/", "member_id": "a1b2c3"}

    def _watch(self) -> None:
        # The store knows nobody who listens: from the first handler on, its changing methods tell of their work.
        if not self._watching:
            self._watching = True
            for method in VERBS:
                setattr(self.store, method, self._telling(method, getattr(self.store, method)))

    def _telling(self, method: str, change: Callable[..., Any]) -> Callable[..., Any]:
        def change_and_tell(collection: str, subject: Any, **options: Any) -> Any:
            if collection not in WORDS or (own_write.get() and not self.knobs.event_echo):
                return change(collection, subject, **options)
            event = self._make_event(method, collection, subject, options)
            if self.knobs.event_timing == "before" and not own_write.get():
                self.waiting.append(event)
                self.deliver()
                return change(collection, subject, **options)
            done = change(collection, subject, **options)
            if done:
                self.waiting.append(replace(event, key=done) if method == "add" else event)
            return done

        return change_and_tell

    def _make_event(self, method: str, collection: str, subject: Any, options: dict[str, Any]) -> Event:
        verb, records = VERBS[method], self.store.collections[collection]
        if method == "add":
            return Event(WORDS[collection], verb, subject.get(records.schema.key) or records.next_key())
        before = self.store.get(collection, subject) or {}
        if collection == "deals" and options.get("categoryId", before.get("categoryId")) != before.get("categoryId"):
            verb = "MoveToCategory"
        return Event(WORDS[collection], verb, subject)
