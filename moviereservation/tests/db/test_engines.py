"""What a DATABASE_URL becomes."""

from moviereservation.db import engines


def test_a_worker_that_hangs_in_a_transaction_loses_its_locks_on_mariadb():
    config = engines.from_url("mysql://cinema:secret@127.0.0.1/cinema")
    # A comment to MySQL, which knows no such limit.
    assert "/*M!100300 , idle_transaction_timeout=10 */" in config["OPTIONS"]["init_command"]


def test_a_cluster_is_asked_for_what_its_other_nodes_have_committed():
    alone = engines.from_url("mysql://cinema:secret@127.0.0.1/cinema")
    cluster = engines.from_url("mysql://cinema:secret@127.0.0.1/cinema?wsrep_sync_wait=1")
    assert "wsrep_sync_wait" not in alone["OPTIONS"]["init_command"]
    assert "wsrep_sync_wait=1" in cluster["OPTIONS"]["init_command"]
    assert "wsrep_sync_wait" not in cluster["OPTIONS"]
