"""The file of the organisation: read strictly, with errors that say where and what to do."""

from __future__ import annotations

import json

import pytest
import yaml

from grondslag.errors import BadCase
from grondslag.register.receipts import organisation
from tests.register.receipts.shop import SHOP, YAML


def test_yaml_and_json_say_the_same():
    assert organisation(json.dumps(yaml.safe_load(YAML)), "organisation.json") == SHOP


def test_the_rules_get_what_they_know_of_the_controller():
    assert SHOP.judged == {"name": "Tuincentrum Wilgenzwaan BV", "kind": "company"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("[]", "is a list"),
        ("jurisdiction: NL", "lacks controller"),
        ("controller: {kind: company}", "lacks name"),
        ("controller: {name: X, colour: red}", "colour"),
        ("controller: {name: X}\njurisdiction: Nederland", "jurisdiction"),
        ("controller: {name: X}\nwithdraw_at: javascript:alert(1)", "withdraw_at"),
        ("controller: {name: X}\nrights: [access, fame]", "may not stand here"),
        ("controller: {name: X}\nretention_months: soon", "retention_months"),
        ("controller: {name: X}\nstatement: {hash: da39a3ee}", "hash"),
        ("controller: {name: X}\nrecipients: [{name: Y}]", "lacks url and country"),
        ("controller: {name: X}\nnotices: []", "notices"),
        ("controller: {name: X}\nstorage: NL", "storage"),
        ("controller: {name: X", "is not YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, told: str):
    with pytest.raises(BadCase, match=told) as error:
        organisation(text, "shop.yaml")
    assert str(error.value).startswith("shop.yaml")
