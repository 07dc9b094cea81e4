"""Metrics for Prometheus: requests, queues, tickets by status, mail. Numbers only: no ticket's words, nobody's name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import NamedTuple

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from tix.api.routes import ROOT, ROUTES, STREAM
from tix.api.server.access import Told
from tix.desk.context import Desk
from tix.desk.mail.status import status as mail_status
from tix.desk.reports.stats import stats
from tix.errors import NotAllowed

MEDIA_TYPE = CONTENT_TYPE_LATEST
# Streams last as long as their clients want.
_ENDLESS = frozenset(ROOT + route.path for route in ROUTES if route.answers == STREAM)
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

disable_created_metrics()  # type: ignore[no-untyped-call]


class Counts(NamedTuple):
    """What is counted on the desk when somebody asks; mails by state are None for who may not see them."""

    statuses: Mapping[str, int]
    phases: Mapping[str, int]
    unassigned: int
    overdue: int
    outbox: Mapping[str, int] | None
    received: Mapping[str, int] | None


def counts(desk: Desk) -> Counts:
    """Return the counts that the actor may see. Raises NotAllowed for requesters."""
    found = stats(desk)
    mail = None
    with suppress(NotAllowed):
        mail = mail_status(desk)
    return Counts(
        found["by_status"],
        {phase: found[phase] for phase in ("open", "resolved", "closed")},
        found["unassigned"],
        found["overdue"],
        None if mail is None else mail.outbox,
        None if mail is None else mail.received,
    )


class Metrics:
    """The metrics of one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "tix_http_requests",
            "Requests by method, route and status.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "tix_http_request_duration_seconds",
            "Time to answer a request, without event streams.",
            ("route",),
            registry=self._registry,
            buckets=_SECONDS,
        )

    def observe(self, told: Told) -> None:
        """Count a request."""
        self._requests.labels(told.method, told.route, str(told.status)).inc()
        if told.route not in _ENDLESS:
            self._seconds.labels(told.route).observe(told.seconds)

    def text(self, waiting: Mapping[str, int], streams: int, counts: Counts) -> bytes:
        """Return all metrics; ``waiting`` are the requests in each lane, ``streams`` the open event streams."""
        return generate_latest(self._registry) + generate_latest(_Gauges(waiting, streams, counts))


class _Gauges(Collector):
    def __init__(self, waiting: Mapping[str, int], streams: int, counts: Counts) -> None:
        self._waiting, self._streams, self._counts = waiting, streams, counts

    def collect(self) -> Iterable[GaugeMetricFamily]:
        counts = self._counts
        yield _gauge(
            "tix_lane_waiting", "Requests in a lane, with the one being answered.", "lane", self._waiting
        )
        yield GaugeMetricFamily("tix_event_streams", "Open event streams.", self._streams)
        yield _gauge("tix_tickets", "Tickets by status.", "status", counts.statuses)
        yield _gauge("tix_tickets_by_phase", "Tickets by phase.", "phase", counts.phases)
        yield GaugeMetricFamily("tix_tickets_unassigned", "Open tickets that nobody has.", counts.unassigned)
        yield GaugeMetricFamily("tix_tickets_overdue", "Open tickets past their due date.", counts.overdue)
        if counts.outbox is not None:
            yield _gauge("tix_mail_outbox", "Mails to send, by state.", "state", counts.outbox)
        if counts.received is not None:
            yield _gauge("tix_mail_received", "Mails received, by outcome.", "outcome", counts.received)


def _gauge(name: str, about: str, label: str, values: Mapping[str, int]) -> GaugeMetricFamily:
    found = GaugeMetricFamily(name, about, labels=(label,))
    for value, count in values.items():
        found.add_metric((value,), count)
    return found
