"""Runs one authorised request: limits, scopes, the method or the batch of them, and the time block."""

import time
from collections.abc import Callable
from typing import Any

from crmsync.sandbox.batch import run_batch
from crmsync.sandbox.calls import Answer, Call, Credential
from crmsync.sandbox.distortions import distort_answer, distort_batch, distort_time, raise_error
from crmsync.sandbox.errors import RestError
from crmsync.sandbox.events import Events, writing_by_rest
from crmsync.sandbox.faults import ERRORS, LIES, SHAPES, Fault, Faults
from crmsync.sandbox.instants import format_instant
from crmsync.sandbox.knobs import Knobs
from crmsync.sandbox.limits import OperatingTime
from crmsync.sandbox.methods import BATCH, METHODS, is_allowed
from crmsync.sandbox.outcome import Outcome
from crmsync.sandbox.params import Params
from crmsync.sandbox.store import Store
from crmsync.sandbox.subscriptions import list_methods

Hook = Callable[[Call], None]


class Dispatcher:
    """Executes calls on a store under the knobs' limits, and keeps each method's operating time."""

    def __init__(self, store: Store, knobs: Knobs, faults: Faults, events: Events) -> None:
        self.store = store
        self.knobs = knobs
        self.faults = faults
        self.handlers = {name: handler for name, (_, handler) in METHODS.items()} | list_methods(events)
        self.newest: dict[tuple[str, str], Answer] = {}
        self.operating = OperatingTime(knobs, store.clock)
        self.hooks: list[Hook] = []
        self.calls = 0

    def run_request(self, method: str, params: Params, credential: Credential) -> tuple[Outcome, list[Outcome]]:
        """Run a request; return its outcome and, for a batch, the outcomes of its commands."""
        if method != BATCH:
            return self.run_call(method, params, credential), []
        inner: list[Outcome] = []

        def run(name: str, given: Params) -> Outcome:
            inner.append(self.run_call(name, given, credential, position=len(inner)))
            return inner[-1]

        at, began = self.store.clock(), time.perf_counter()
        try:
            result = run_batch(params, run, overflow=self.knobs.batch_overflow)
        except RestError as error:
            return Outcome(error), inner
        result = distort_batch(result, self.faults.strike(frozenset({"empty_map"}), (BATCH,)))
        spent = time.perf_counter() - began
        return Outcome(result=result, time=self.time_block(None, at=at, spent=spent)), inner

    def run_call(self, method: str, params: Params, credential: Credential, *, position: int | None = None) -> Outcome:
        """Run one method, alone or as a command of a batch."""
        call = self.make_call(method, params, credential, position=position)
        for hook in self.hooks:
            hook(call)
        with self.store.lock:
            return self.answer_call(call)

    def answer_call(self, call: Call) -> Outcome:
        """Let the faults strike, the method answer, and charge its time."""
        faults = self.faults.strike(ERRORS | LIES | SHAPES, (call.method,), position=call.position)
        call.quirks = frozenset(fault.kind for fault in faults)
        at, began = self.store.clock(), time.perf_counter()
        try:
            raise_error(faults, call)
            answer = self.distort(self.execute(call), faults, call)
        except RestError as error:
            return Outcome(error, method=call.method)
        spent = time.perf_counter() - began
        cost = spent + self.knobs.seconds_per_call + self.knobs.seconds_per_row * answer.rows
        self.operating.charge(call.method, seconds=cost)
        block = self.time_block(call.method, at=at, spent=spent)
        return Outcome(
            result=answer.result,
            total=answer.total,
            following=answer.next,
            time=distort_time(block, faults, offset=self.store.offset),
            rows=answer.rows,
            method=call.method,
        )

    def make_call(self, method: str, params: Params, credential: Credential, *, position: int | None) -> Call:
        """Number a call and hand it the knobs its method needs."""
        with self.store.lock:
            self.calls += 1
            call = Call(method, params, self.store, credential, self.calls, position)
        call.uncounted_total, call.user_tz_shift = self.knobs.uncounted_total, self.knobs.user_tz_shift
        return call

    def distort(self, answer: Answer, faults: list[Fault], call: Call) -> Answer:
        """Apply the faults that struck a call to its answer, and remember the answer for a page to repeat."""
        listed = (call.method, str(call.params.get("entityTypeId")))
        previous = self.newest.get(listed)
        self.newest[listed] = answer
        for fault in faults:
            if fault.kind == "operation_time":
                self.operating.block(call.method, seconds=float(fault.options.get("seconds", 2)))
        return distort_answer(answer, faults, call, previous=previous) if faults else answer

    def execute(self, call: Call) -> Answer:
        """Check a call and let its method answer.

        Raises: RestError for an unknown method, a missing scope, used-up time, and whatever the method refuses.
        """
        if call.method not in self.handlers:
            raise RestError(404, "ERROR_METHOD_NOT_FOUND", "Method not found!")
        if not is_allowed(call.method, call.credential.scopes):
            description = "The request requires higher privileges than provided by the webhook token"
            raise RestError(self.knobs.scope_status, "insufficient_scope", description)
        self.operating.check(call.method)
        with writing_by_rest():
            return self.handlers[call.method](call)

    def time_block(self, method: str | None, *, at: float, spent: float) -> dict[str, Any]:
        """Make the time block of a call; the batch around others has no operating time of its own."""
        offset = self.store.offset
        return {
            "start": at,
            "finish": at + spent,
            "duration": spent,
            "processing": spent,
            "date_start": format_instant(at, offset=offset),
            "date_finish": format_instant(at + spent, offset=offset),
            "operating_reset_at": self.operating.resets_at(method or BATCH),
            "operating": self.operating.used(method) if method else 0,
        }
