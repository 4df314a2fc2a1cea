"""The rules of the audit: declared once by their apps, read in the order of their names."""

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.tests.cast import mia
from moviereservation.db import audit_rules
from moviereservation.db.audit_rules import invariant


def labels(rules):
    return [rule.name.partition(" ")[0] for rule in rules]


def test_invariants_come_in_the_order_of_their_numbers():
    assert labels(audit_rules.invariants()) == [
        "1", "2a", "2b", "2c", "2d", "3", "4", "5", "6a", "6b", "6c", "7", "8",
        "9a", "9b", "9c", "10", "11a", "11b", "11c",
        "12a", "12b", "12c", "12d", "12e", "12f",
    ]  # fmt: skip


def test_trouble_comes_after_them_and_the_audit_does_not_count_it(db):
    invariants, rules = audit_rules.invariants(), audit_rules.rules()
    assert rules[: len(invariants)] == invariants
    assert len(rules) > len(invariants)
    assert [rule for rule, _finding in audit_rules.findings(now=timezone.now())] == invariants


def test_every_rule_says_what_to_do():
    for rule in audit_rules.rules():
        assert str(rule.to_do).endswith("."), rule.name


def test_two_rules_of_one_name_are_a_mistake():
    with pytest.raises(ValueError, match="two rules"):
        invariant(audit_rules.rules()[0].name, to_do="Nothing.")(lambda now: None)


def test_what_is_shown_has_a_permission_that_exists_and_a_list_that_knows_the_filter(db, client):
    shown = [rule for rule in audit_rules.rules() if rule.words]
    assert {rule.name[:2] for rule in shown if rule.is_invariant} == {"9a", "9b", "9c"}
    client.force_login(mia())
    for rule in shown:
        app, _dot, codename = rule.permission.partition(".")
        assert Permission.objects.filter(content_type__app_label=app, codename=codename).exists()
        # An address with a filter that the list does not know leads back to it without.
        assert client.get(rule.url).status_code == 200, rule.url


def test_what_is_shown_is_counted_in_words():
    refused = next(rule for rule in audit_rules.rules() if rule.name.startswith("9c"))
    assert refused.in_words(1) == "1 refund failed"
    assert refused.in_words(2) == "2 refunds failed"
