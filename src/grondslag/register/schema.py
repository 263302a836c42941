"""The JSON schema of an entry (draft 2020-12), drawn from its vocabulary."""

from __future__ import annotations

from typing import Any

from grondslag.register.vocabulary import ATTACHMENT, ENVELOPE, PROOF, RECORDED, SCHEMA
from grondslag.situations.schema import object_of, properties


def entry_schema() -> dict[str, Any]:
    """What may be handed in; exactly one of the events must be there, and ``date`` or ``time``."""
    attached = {
        "title": "a list of one or more attachments",
        "type": "array",
        "minItems": 1,
        "items": object_of("an attachment", properties(ATTACHMENT)),
        "description": "Files that go with it: a form, a recording, a letter.",
    }
    proof = object_of("proof", {**properties(PROOF), "attachments": attached})
    events = {kind: object_of(f"the event {kind}", properties(fields)) for kind, fields in RECORDED.items()}
    known = {**properties(ENVELOPE), "proof": proof, **events}
    known["subject"] |= {"minProperties": 1}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        **object_of("an entry", known),
        "oneOf": [{"required": [kind]} for kind in RECORDED],
        "anyOf": [{"required": ["date"]}, {"required": ["time"]}],
    }
