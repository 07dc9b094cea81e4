"""What a monitor is told: numbers, and only to staff."""

from prometheus_client.parser import text_string_to_metric_families

from tests.api.site import Site


def measured(site: Site, by: str = "ada") -> dict[tuple[str, ...], float]:
    """The values by name and labels, as a monitor parses them."""
    reply = site.ask("GET", "/metrics", by=by)
    assert reply.status == 200, reply
    assert reply.headers["content-type"].startswith("text/plain; version=")
    return {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(reply.body)
        for one in family.samples
    }


def test_requests_tickets_and_queues_are_counted(site: Site):
    site.record("tickets/1")
    site.record("tickets/1")
    site.ask("GET", "tickets/77")
    site.ask("GET", "/no-such-path")
    site.ask("PUT", "/api/v1/tickets")
    found = measured(site)
    show = "/api/v1/tickets/{id}"
    assert found["tix_http_requests_total", "GET", show, "200"] == 2
    assert found["tix_http_requests_total", "GET", show, "404"] == 1
    assert found["tix_http_requests_total", "GET", "-", "404"] == 1
    assert found["tix_http_requests_total", "-", "/api/v1/tickets", "405"] == 1
    assert found["tix_http_request_duration_seconds_count", show] == 3
    assert found["tix_tickets", site.record("tickets/1")["status"]] == 1
    assert [found["tix_tickets_by_phase", phase] for phase in ("open", "resolved", "closed")] == [1, 0, 0]
    assert found["tix_tickets_unassigned",] == 1
    assert {found["tix_lane_waiting", lane] for lane in ("reader", "writer", "long")} == {0}
    assert found["tix_event_streams",] == 0


def test_a_quarantined_mail_and_one_to_send_are_counted(site: Site):
    site.shell.tix("config", "set", "mail.from_address", "desk@example.com")
    site.shell.tix("user", "edit", "lan", "--email", "lan@example.com")
    site.ask("POST", "tickets/1/replies", {"message": "m"})
    assert measured(site)["tix_mail_outbox", "queued"] == 1


def test_no_words_and_no_names_are_told(site: Site):
    """Whatever the client writes into its request, too."""
    site.ask("GET", "/canary-path?canary-query=1", **{"X-Canary": "canary-header"})
    site.ask("GET", "search?q=canary-note")
    text = site.ask("GET", "/metrics").body
    for word in ("canary", "lan", "sam", "ada", "sound"):
        assert f'"{word}' not in text
        assert "canary" not in text


def test_only_staff_may_read_them(site: Site):
    assert site.problem("GET", "/metrics", by=None) == (401, "unauthorized")
    assert site.problem("GET", "/metrics", by="lan") == (403, "not-allowed")
    reading = site.key("sam", "read")
    assert site.ask("GET", "/metrics", by=None, Authorization=f"Bearer {reading}").status == 200
