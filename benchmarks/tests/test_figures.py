"""The harness of `make bench`: what it counts, carries over, judges and writes."""

import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.buyers import Outcome
from benchmarks.figures import crowd, floors, measuring, meters, plan, raw_sql, report
from benchmarks.figures.plan import Row
from benchmarks.figures.samples import Sample
from benchmarks.inside import files, parts
from benchmarks.product import ROOT, cpu_seconds
from benchmarks.tests.test_campaigns import needs_mariadb
from showtimes.tests.factories import make_showtime
from tools import private_servers

EVERY_ROW = (*plan.BOOKING, *plan.READS)


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """A server that counts nobody else's statements."""
    server = private_servers.MariaDB(tmp_path_factory.mktemp("counted") / "mariadb")
    server.start()
    yield server
    server.kill()


@needs_mariadb
def test_the_server_counts_statements_without_begin_and_commit(database):
    connection = meters.connect(database.url)
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE counted (id INT PRIMARY KEY, n INT)")
    counters = meters.Counters(database.url)
    with counters.counted() as counts:
        cursor.execute("START TRANSACTION")
        cursor.execute("INSERT INTO counted VALUES (1, 1), (2, 2)")
        cursor.execute("UPDATE counted SET n = 3 WHERE id = 1")
        cursor.execute("COMMIT")
        cursor.execute("UPDATE counted SET n = 4 WHERE id = 1")
    assert (counts["statements"], counts["commits"]) == (3, 2)
    with counters.counted() as counts:
        cursor.execute("START TRANSACTION")
        cursor.execute("SELECT * FROM counted")
        cursor.execute("COMMIT")
    assert (counts["statements"], counts["commits"]) == (1, 0)
    connection.close()
    counters.close()


@needs_mariadb
@pytest.mark.django_db(transaction=True)
def test_raw_sql_books_in_a_copy_of_the_tables_as_they_are():
    from django.db import connection

    from accounts.tests.cast import alice, bob

    show = make_showtime()
    seats = list(show.auditorium.seats.order_by("y", "x"))[:4]
    stage = {
        "guests": [alice().pk, bob().pk],
        "showtimes": [show.pk],
        "seats": [[seat.pk for seat in seats]],
        "labels": [seat.label for seat in seats],
    }
    settings = connection.settings_dict
    where = f"{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}"
    floor = raw_sql.Floor.of(f"mysql://{where}/{settings['NAME']}", meters.Trees({}), stage)
    sample = floor.sample(2)
    copy = meters.connect(floor.url)
    cursor = copy.cursor()
    cursor.execute("SELECT state, COUNT(*) FROM reservations_reservation GROUP BY state")
    assert cursor.fetchall() == (("confirmed", 2),)
    cursor.execute("DROP DATABASE raw_sql")
    copy.close()
    assert len(sample.outcome.seconds["settle"]) == 2
    assert not show.reservations.exists()


@needs_mariadb
@pytest.mark.long
def test_a_run_of_the_least_size_covers_every_row():
    least = plan.Sizes(rounds=1, bookings=8, apart=4, rush=20, seconds=0.02, profiled=1)
    findings = measuring.measure(least)
    assert findings.wrong == []
    assert {row.key for row in EVERY_ROW} <= set(findings.figures)
    text = report.report(findings, "quick")
    assert [row.what for row in EVERY_ROW if f"| {row.what} " not in text] == []


def test_a_row_that_misses_its_aim_says_so_and_one_that_reaches_it_says_that():
    findings = found(statements=21, commits=4)
    assert verdicts(findings)["statements a booking"] == "not met"
    assert verdicts(findings)["durable commits a booking"] == "met"
    missed = {row.key for row in report.missed(findings)}
    assert "statements" in missed
    assert "commits" not in missed


def test_what_was_not_measured_is_not_met():
    assert set(verdicts(found()).values()) == {"not met"}
    assert len(verdicts(found())) == len(EVERY_ROW)


def test_the_median_of_the_rounds_is_judged():
    findings = found()
    findings.figures["one"].values += [0.2, 0.9, 0.9]
    assert verdicts(findings)["one showtime against twenty: bookings a second"] == "met"


def test_a_read_is_met_only_if_its_304_is_no_dearer():
    row = next(read for read in plan.READS if read.tagged)
    for dearer, met in (("", True), (" and dearer", False)):
        findings = found(**{row.key: 0.04, f"{row.key} 304": 0.06 if dearer else 0.03})
        assert report.is_met(row, findings) is met, dearer
    assert not report.is_met(row, found(**{row.key: 0.04}))


def test_an_aim_in_milliseconds_is_carried_over_to_a_slower_machine():
    row = Row("some", "some time", 30, carried=True)
    assert not row.is_met(45, factor=1.0)
    assert row.is_met(45, factor=2.0)
    assert not Row("share", "some share", 30).is_met(45, factor=2.0)


def test_the_peer_costs_twice_where_the_fixed_work_does():
    peer = floors.Peer.now(2 * floors.CALIBRATE_THEN)
    assert peer.booking_app == pytest.approx(13.74)
    assert peer.movies == pytest.approx(0.554)


def test_the_fixed_work_is_done():
    assert 0.005 < floors.calibrate() < 5


def test_the_output_says_that_the_peer_was_not_run():
    assert "cannot be put into this repository" in report.report(found(), "quick")


def test_tables_are_written_between_the_marks_of_a_document(tmp_path):
    document = tmp_path / "performance.md"
    document.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    report.write("new", document)
    assert document.read_text() == f"before\n{report.BEGIN}\n\nnew\n\n{report.END}\nafter\n"
    document.write_text("no marks")
    with pytest.raises(ValueError, match="no marks"):
        report.write("new", document)


def test_the_document_of_the_figures_has_the_marks():
    text = (ROOT / "docs" / "performance.md").read_text()
    assert 0 < text.index(report.BEGIN) < text.index(report.END)


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{", None),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", (200, b"{}")),
        (b"HTTP/1.1 200 OK\r\nContent-Len", None),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", (304, b"")),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", None),
        (b"HTTP/1.1 204 No Content\r\n\r\n", (204, b"")),
    ],
)
def test_an_answer_is_complete_when_all_of_it_is_there(data, answer):
    assert crowd.complete(data) == answer


def test_a_crowd_asks_in_turn_and_notes_a_server_that_hangs_up():
    class Server(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            if self.path == "/hang-up":
                self.close_connection = True
                return
            self.send_response(200)
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"here")

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url, told = f"http://127.0.0.1:{server.server_port}", []

    def guest(path):
        for step in ("first", "second"):
            told.append((yield crowd.Ask(step, crowd.request("GET", url, path))))

    outcome = crowd.play([url], [guest("/"), guest("/hang-up")])
    server.shutdown()
    server.server_close()
    assert Counter(told) == {(200, b"here"): 2, (0, b""): 2}
    assert outcome.statuses["second", 0] == 1
    assert len(outcome.seconds["first"]) == 2


def test_the_cpu_of_a_process_is_measured_finer_than_a_hundredth_of_a_second():
    import os

    before, until = cpu_seconds(os.getpid()), time.process_time() + 0.002
    while time.process_time() < until:
        pass
    assert 0.001 < cpu_seconds(os.getpid()) - before < 0.009
    assert cpu_seconds(2**22 + 1) == 0


def test_the_time_of_a_helper_is_given_to_its_callers_in_proportion():
    sql = ("/x/site-packages/django/db/backends/utils.py", 1, "execute")
    rule = (f"{ROOT}/reservations/booking/holding.py", 1, "hold")
    helper = ("/usr/lib/python3.11/json/decoder.py", 1, "decode")
    stats = {
        sql: (1, 1, 0.2, 0.5, {rule: (1, 1, 0.2, 0.5)}),
        rule: (1, 1, 0.4, 1.0, {}),
        helper: (4, 4, 0.4, 0.4, {sql: (3, 3, 0.3, 0.3), rule: (1, 1, 0.1, 0.1)}),
    }
    shared = parts.shared(stats)
    assert shared["SQL: Django's connection, ours above it"] == pytest.approx(0.5)
    assert shared["reservations/booking"] == pytest.approx(0.5)
    assert sum(shared.values()) == pytest.approx(1.0)


def test_files_are_counted_from_the_first_call_into_the_room_of_the_verb():
    from moviereservation import business_day
    from reservations.seating import runs, wishes

    def request():
        business_day.business_day(now())
        wishes.Labels(["A1"])
        return list(runs.__dict__)

    def now():
        from datetime import UTC, datetime

        return datetime(2026, 11, 27, tzinfo=UTC)

    _result, outside = files.touched(request, "reservations/booking/")
    assert outside.request
    assert outside.verb == []
    _result, inside = files.touched(request, "moviereservation/")
    assert inside.verb == ["moviereservation/business_day.py"]


def found(**medians):
    """Findings of a run on the machine of the aims, with these figures."""
    findings = measuring.Findings()
    findings.calibrated.values.append(floors.CALIBRATE_THEN)
    cpu = {"app": 0.17, "database": 0.0, "load": 0.01}
    bare = Sample("bare", 10, 1.0, cpu, Outcome(seconds={"bare": [0.001] * 10}))
    findings.samples["bare"].append(bare)
    for key, value in medians.items():
        findings.note(key, value)
    return findings


def verdicts(findings):
    """The last cell of each row of the printed tables, by the first."""
    lines = [line.strip("| ").split(" | ") for line in report.report(findings, "quick").splitlines()
             if line.startswith("| ")]  # fmt: skip
    cells = {line[0].strip(): line[-1].strip() for line in lines}
    return {row.what: cells[row.what] for row in EVERY_ROW}
