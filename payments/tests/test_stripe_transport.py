"""The connection to Stripe is kept, and whatever becomes of it, no call is carried out twice."""

import os
import threading
import warnings

import pytest
import stripe

from accounts.tests.crowd import at_once
from payments import gateway, stripe_transport
from payments.errors import StripeUnavailable
from payments.stripe_transport import StripeTransport
from payments.tests import wire
from payments.tests.wire import Proxy, Wire


@pytest.fixture
def at(settings, monkeypatch):
    """Points the product at a server, with little patience."""
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.01)
    settings.STRIPE_TIMEOUT_SECONDS = 0.5
    gateway._client.cache_clear()

    def point(server: Wire) -> None:
        settings.STRIPE_API_BASE = server.url

    yield point
    gateway._client.cache_clear()


def keys(server: Wire) -> set[str]:
    return {asked.headers["Idempotency-Key"] for asked in server.asked}


def test_the_calls_of_a_thread_share_a_connection_and_no_threads_do(at):
    with Wire().open() as server:
        at(server)
        for _ in range(3):
            gateway.retrieve("pi_1")
            gateway.capture("pi_1")
        assert (len(server.asked), server.connections) == (6, 1)
        at_once(3, lambda _n: [gateway.retrieve("pi_1") for _ in range(4)])
        by_connection = [asked.connection for asked in server.asked[6:]]
        assert sorted(map(by_connection.count, set(by_connection))) == [4, 4, 4]


def test_a_connection_ends_with_its_thread(at):
    with Wire().open() as server:
        at(server)
        thread = threading.Thread(target=gateway.retrieve, args=["pi_1"])
        thread.start()
        thread.join()
        assert server.closed.wait(5)


def test_many_at_once_each_get_their_own_answer(stripe_standin):
    def ask(number: int) -> bool:
        reference, key = f"R{number}", f"key-{number}"
        made = gateway.create_intent(amount=2400, currency="usd", reference=reference, key=key)
        return all(gateway.retrieve(made.id).reference == reference for _ in range(10))

    assert all(at_once(8, ask))


def test_a_connection_that_was_closed_meanwhile_is_opened_anew_without_a_repetition(at):
    """Nothing was sent on it, so the one repetition that there is stays for real trouble."""
    with Wire([wire.THEN_CLOSED]).open() as server:
        transport = StripeTransport(timeout=5)
        for number in (1, 2, 3):
            body, status, _headers = transport.request("post", f"{server.url}/v1/x", {}, "a=b")
            assert (body, status) == (wire.INTENT, 200)
            assert server.closed.wait(5)
            server.closed.clear()
            assert len(server.asked) == server.connections == number


def test_a_connection_that_dies_under_a_call_is_followed_by_another_with_the_same_key(at):
    with Wire([wire.WHOLE, wire.SILENT, wire.WHOLE]).open() as server:
        at(server)
        gateway.retrieve("pi_1")
        assert gateway.capture("pi_1").status == "succeeded"
        first, second = server.asked[1:]
        assert (first.connection, second.connection) == (1, 2)
        assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]


@pytest.mark.parametrize("piece", [
    wire.SILENT, wire.CUT, wire.STALLED, wire.CHUNKED_CUT, wire.NO_HTTP,
], ids=["silent", "cut", "stalled", "chunked, cut", "no HTTP"])  # fmt: skip
def test_half_an_answer_is_none_and_the_next_call_gets_its_own(at, piece):
    with Wire([piece, piece, wire.WHOLE]).open() as server:
        at(server)
        with pytest.raises(StripeUnavailable):
            gateway.cancel("pi_1")
        assert len(server.asked) == 1 + gateway.NETWORK_RETRIES
        assert len(keys(server)) == 1
        assert gateway.capture("pi_1").amount_received == 2400
        assert len(keys(server)) == 2
        assert server.connections == 3, "nothing of a broken connection was used again"


def test_an_answer_in_chunks_is_read_whole_and_its_connection_kept(at):
    with Wire([wire.CHUNKED]).open() as server:
        at(server)
        for _ in range(2):
            assert gateway.retrieve("pi_1").amount == 2400
        assert server.connections == 1


@pytest.mark.parametrize("piece", [wire.TOO_LARGE, wire.ENDLESS], ids=["announced", "endless"])
def test_an_answer_without_end_is_not_read_and_not_asked_for_again(at, piece):
    with Wire([piece, wire.WHOLE]).open() as server:
        at(server)
        with pytest.raises(StripeUnavailable):
            gateway.retrieve("pi_1")
        assert len(server.asked) == 1
        assert gateway.retrieve("pi_1").id == "pi_1"


@pytest.mark.parametrize("piece", [wire.MOVED, wire.NO_OBJECT], ids=["elsewhere", "no object"])
def test_what_stripe_never_says_is_no_answer_and_is_not_followed(at, piece):
    with Wire([piece]).open() as server:
        at(server)
        with pytest.raises(StripeUnavailable):
            gateway.retrieve("pi_1")
        assert [asked.line for asked in server.asked] == ["GET /v1/payment_intents/pi_1 HTTP/1.1"]


def test_a_connection_that_was_silent_for_long_is_not_used_again(at, monkeypatch):
    with Wire().open() as server:
        at(server)
        gateway.retrieve("pi_1")
        monkeypatch.setattr(stripe_transport, "KEPT_FOR", 0)
        gateway.retrieve("pi_1")
        assert [asked.connection for asked in server.asked] == [1, 2]


def test_a_child_process_opens_its_own_and_leaves_its_parents_open(at):
    with Wire().open() as server:
        at(server)
        gateway.retrieve("pi_1")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # there are threads here
            child = os.fork()
        if not child:
            try:
                gateway.retrieve("pi_1")
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        gateway.retrieve("pi_1")
        assert [asked.connection for asked in server.asked] == [1, 2, 1]


@pytest.mark.parametrize(
    "key", ["../refunds", "pi_1/capture", "pi_1?expand[]=x", "pi_1#", "@x.org"]
)
def test_no_key_can_name_another_path(at, key):
    with Wire().open() as server:
        at(server)
        gateway.retrieve(key)
        _verb, path, _version = server.asked[0].line.split()
        assert path.startswith("/v1/payment_intents/")
        assert not set("/?#@") & set(path.removeprefix("/v1/payment_intents/"))


def test_each_call_names_the_version_of_the_api_and_nothing_of_the_machine(at):
    with Wire().open() as server:
        at(server)
        gateway.retrieve("pi_1")
        gateway.retrieve("pi_1")
        for asked in server.asked:
            assert asked.headers["Stripe-Version"] == stripe.api_version
            told = asked.headers["X-Stripe-Client-User-Agent"]
            assert '"httplib": "http.client"' in told
            assert "platform" not in told
            assert "telemetry" not in told
            assert "X-Stripe-Client-Telemetry" not in asked.headers


def test_who_cannot_prove_to_be_stripe_is_told_nothing(at):
    with Wire(tls=True).open() as server:
        at(server)
        with pytest.raises(StripeUnavailable) as unavailable:
            gateway.retrieve("pi_1")
        assert "CERTIFICATE_VERIFY_FAILED" in str(unavailable.value.__cause__)
        assert (server.asked, server.connections) == ([], 1), "and it is not tried again"


@pytest.fixture
def believed(monkeypatch):
    """The certificate of the tests is as good as Stripe's."""
    monkeypatch.setattr(stripe, "ca_bundle_path", str(wire.CERTIFICATE))


@pytest.mark.usefixtures("believed")
def test_a_certificate_counts_for_the_host_that_it_names(at, settings):
    with Wire(tls=True).open() as server:
        at(server)
        for _ in range(2):
            assert gateway.retrieve("pi_1").id == "pi_1"
        assert server.connections == 1
        settings.STRIPE_API_BASE = f"https://127.0.0.1:{server.port}"
        with pytest.raises(StripeUnavailable):
            gateway.retrieve("pi_1")


@pytest.mark.usefixtures("believed")
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_proxy_that_the_environment_names_is_asked_for_a_tunnel(at, monkeypatch, name):
    with Wire(tls=True).open() as server, Proxy().open() as proxy:
        at(server)
        monkeypatch.setenv(name, f"http://ann:p%40ss@localhost:{proxy.port}")
        for _ in range(2):
            assert gateway.retrieve("pi_1").id == "pi_1"
        (asked,) = proxy.asked
        assert asked.line.startswith(f"CONNECT localhost:{server.port} HTTP/1.")
        assert asked.headers["Proxy-Authorization"] == "Basic YW5uOnBAc3M="
        assert "Authorization" not in asked.headers
        assert all("Proxy-Authorization" not in there.headers for there in server.asked)


@pytest.mark.usefixtures("believed")
def test_a_host_that_needs_no_proxy_is_asked_directly(at, monkeypatch):
    with Wire(tls=True).open() as server, Proxy().open() as proxy:
        at(server)
        monkeypatch.setenv("HTTPS_PROXY", f"http://localhost:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "localhost")
        assert gateway.retrieve("pi_1").id == "pi_1"
        assert proxy.asked == []


@pytest.mark.usefixtures("believed")
def test_a_proxy_that_we_cannot_speak_to_is_not_passed_by(at, monkeypatch):
    with Wire(tls=True).open() as server:
        at(server)
        monkeypatch.setenv("HTTPS_PROXY", "socks5://localhost:1080")
        with pytest.raises(StripeUnavailable) as unavailable:
            gateway.retrieve("pi_1")
        assert "socks5" in str(unavailable.value.__cause__)
        assert server.connections == 0
