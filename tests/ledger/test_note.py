"""What a log signs can be read by everyone and altered by no one."""

from __future__ import annotations

import base64
import json
from collections import Counter

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from grondslag.errors import BadEvidence
from grondslag.ledger import verifier
from grondslag.ledger.checkpoint import Checkpoint
from grondslag.ledger.merkle import EMPTY
from grondslag.ledger.note import Signer, cosigned, open_note, sign
from tests.ledger.logs import OTHER, SHOP, VECTORS

TEXT = "shop.example/register\n1\n" + base64.b64encode(bytes(32)).decode() + "\n"
ED25519 = json.loads((VECTORS / "crypto" / "cctv-ed25519vectors.json").read_text())
REFUSED = {"low_order_residue", "non_canonical_R", "non_canonical_A"}


def witness(seed: int, time: int, text: str = TEXT) -> tuple[str, str]:
    """A witness's key and its line under the text."""
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    public, name = private.public_key().public_bytes_raw(), f"witness.example/w{seed}"
    id_ = verifier.key_id(name, 4, public)
    blob = time.to_bytes(8, "big") + private.sign(f"cosignature/v1\ntime {time}\n{text}".encode())
    vkey = f"{name}+{id_.hex()}+{base64.b64encode(bytes([4]) + public).decode()}"
    return vkey, f"— {name} {base64.b64encode(id_ + blob).decode()}\n"


def test_the_example_of_the_specification_verifies():
    example = json.loads((VECTORS / "tlog" / "c2sp-examples.json").read_text())["signed_note"]
    assert open_note(example["note"], [example["vkey"]]) == "This is an example message.\n"


def test_the_17_checkpoints_of_the_tessera_log_verify():
    log = json.loads((VECTORS / "tlog" / "tessera-testlog.json").read_text())
    notes = [
        base64.b64decode(data).decode() for name, data in log["files_base64"].items() if "checkpoint" in name
    ]
    sizes = sorted(Checkpoint.open(note, log["vkey"]).size for note in notes)
    assert sizes == sorted([*range(16), 15])


@pytest.mark.parametrize("case", ED25519, ids=lambda case: str(case["number"]))
def test_an_edge_case_of_ed25519_is_judged_by_one_rule(case):
    key, signature = bytes.fromhex(case["key"]), bytes.fromhex(case["sig"])
    good = not REFUSED & {*(case["flags"] or ())}
    assert verifier.verify_signature(key, case["msg"].encode(), signature) is good


def test_of_914_edge_cases_172_are_good():
    assert Counter(not REFUSED & {*(case["flags"] or ())} for case in ED25519) == {True: 172, False: 742}


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=300))
def test_what_the_library_signs_verifies_and_nothing_near_it(seed, message):
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert verifier.verify_signature(key, message, signature)
    assert not verifier.verify_signature(key, message + b"x", signature)
    assert not verifier.verify_signature(key, message, bytes([signature[0] ^ 1]) + signature[1:])
    larger = int.from_bytes(signature[32:], "little") + verifier.L
    assert not verifier.verify_signature(key, message, signature[:32] + larger.to_bytes(32, "little"))


@given(st.binary(max_size=70), st.binary(max_size=70))
def test_any_bytes_as_key_and_signature_get_a_plain_no(key, signature):
    assert not verifier.verify_signature(key, b"message", signature)


def test_a_note_opens_with_its_key_and_with_no_other():
    note = sign(TEXT, SHOP)
    assert open_note(note, [SHOP.vkey]) == open_note(note, [OTHER.vkey, SHOP.vkey]) == TEXT
    with pytest.raises(BadEvidence, match="not signed by a key that was given"):
        open_note(note, [OTHER.vkey])
    with pytest.raises(BadEvidence):
        open_note(note, [])


def test_a_bad_signature_of_a_known_key_spoils_a_good_one():
    note = sign(TEXT, SHOP, OTHER)
    broken = note.replace(OTHER.line(TEXT), OTHER.line(TEXT + "x\n"))
    assert open_note(broken, [SHOP.vkey]) == TEXT
    with pytest.raises(BadEvidence, match=r"signature of other\.example/register does not hold"):
        open_note(broken, [SHOP.vkey, OTHER.vkey])


def test_a_key_of_the_same_name_but_another_id_is_unknown():
    twin = Signer(SHOP.name, Ed25519PrivateKey.from_private_bytes(b"\7" * 32))
    assert open_note(sign(TEXT, twin, SHOP), [SHOP.vkey]) == TEXT


def test_a_hundred_signatures_are_read_and_one_more_is_not():
    signers = [
        Signer(f"k{n}.example", Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32)) for n in range(100)
    ]
    note = sign(TEXT, *signers)
    assert open_note(note, [signers[99].vkey]) == TEXT
    with pytest.raises(BadEvidence, match="more than 100"):
        open_note(note + SHOP.line(TEXT), [signers[99].vkey])


def test_the_text_may_hold_empty_lines_and_ends_at_the_last_one():
    text = "one\n\n— two\n\nthree\n"
    assert open_note(sign(text, SHOP), [SHOP.vkey]) == text


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n", "nul\0\n", "\ud800\n"], ids=ascii)
def test_what_is_no_text_of_a_note_is_not_signed(text):
    with pytest.raises(BadEvidence, match="text of the note"):
        sign(text, SHOP)


@pytest.mark.parametrize("name", ["", "with space", "with+plus", "nbsp\u00a0", "line\n", "\ud800"], ids=ascii)
def test_a_key_without_a_proper_name_is_refused(name):
    with pytest.raises(BadEvidence, match="name of the key"):
        Signer(name, Ed25519PrivateKey.from_private_bytes(bytes(32)))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda note: note[:-1],
        lambda note: note + "\n",
        lambda note: note.replace("\n\n", "\n"),
        lambda note: note.replace("—", "-"),
        lambda note: note.replace("— ", "—  "),
        lambda note: note.replace("\n—", "\r\n—"),
        lambda note: note[:-2] + "\n",
        lambda note: note + "— shop.example/register\n",
        lambda note: note + "— shop.example/register AAAA\n",
        lambda note: note + "— shop.example/register AAAAAB==\n",
        lambda note: note.replace("\n1\n", "\n2\n"),
        lambda note: " " + note,
        lambda note: note * 20_000,
    ],
)
def test_a_note_in_any_other_form_is_refused(spoil):
    with pytest.raises(BadEvidence):
        open_note(spoil(sign(TEXT, SHOP)), [SHOP.vkey])


@given(st.data())
def test_no_character_of_a_signed_note_can_be_another(data):
    note = sign(TEXT, SHOP)
    at = data.draw(st.integers(0, len(note) - 1))
    sign_ = data.draw(st.characters().filter(lambda found: found != note[at]))
    with pytest.raises(BadEvidence):
        open_note(note[:at] + sign_ + note[at + 1 :], [SHOP.vkey])


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "a+b",
        SHOP.vkey.replace("shop", "sh0p"),
        SHOP.vkey[:-1],
        SHOP.vkey + "\n",
        SHOP.vkey.upper(),
        "a+00000000+AA==",
    ],
)
def test_a_key_that_does_not_agree_with_itself_is_refused(vkey):
    with pytest.raises(BadEvidence):
        open_note(sign(TEXT, SHOP), [vkey])


def test_witnesses_say_when_they_saw_the_checkpoint():
    (one, first), (two, second) = witness(1, 1_700_000_000), witness(2, 1_800_000_000)
    note = sign(TEXT, SHOP) + first + second
    assert cosigned(note, [one, two]) == {
        "witness.example/w1": 1_700_000_000,
        "witness.example/w2": 1_800_000_000,
    }
    assert cosigned(note, [two]) == {"witness.example/w2": 1_800_000_000}
    assert cosigned(note, [SHOP.vkey]) == {}
    assert open_note(note, [SHOP.vkey, one]) == TEXT


def test_a_witness_alone_does_not_make_a_checkpoint_the_logs():
    one, line = witness(1, 1_700_000_000)
    with pytest.raises(BadEvidence):
        open_note(TEXT + "\n" + line, [one, SHOP.vkey])


def test_a_cosignature_on_another_text_or_beyond_time_is_refused():
    for one, line in [witness(1, 5, "other\n"), witness(1, 2**63)]:
        with pytest.raises(BadEvidence, match="cosignature of"):
            cosigned(sign(TEXT, SHOP) + line, [one])


def test_a_checkpoint_reads_back_as_written():
    written = Checkpoint(SHOP.name, 7, bytes(range(32)))
    assert Checkpoint.parse(written.text) == Checkpoint.open(written.signed(SHOP), SHOP.vkey) == written


def test_a_checkpoint_of_another_log_is_refused_even_when_signed():
    with pytest.raises(BadEvidence, match="of another log"):
        Checkpoint.open(Checkpoint("else.example", 0, EMPTY).signed(SHOP), SHOP.vkey)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        TEXT[:-1],
        TEXT + "extension\n",
        TEXT.replace("\n1\n", "\n01\n"),
        TEXT.replace("\n1\n", "\n-1\n"),
        TEXT.replace("\n1\n", "\n+1\n"),
        TEXT.replace("\n1\n", "\n١\n"),
        TEXT.replace("\n1\n", "\n" + "9" * 20 + "\n"),
        TEXT.replace("\n1\n", "\n0\n"),
        TEXT.replace("A=", "A"),
        TEXT.replace("AAAA", "", 1),
        "name\n1\n" + base64.b64encode(EMPTY).decode() + "\n",
    ],
    ids=ascii,
)
def test_a_checkpoint_in_any_other_form_is_refused(text):
    with pytest.raises(BadEvidence, match="checkpoint"):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    ("origin", "size", "root"),
    [("", 1, bytes(32)), ("a\nb", 1, bytes(32)), ("a", -1, bytes(32)), ("a", 1, b"short")],
)
def test_a_checkpoint_that_could_not_be_read_back_is_not_made(origin, size, root):
    with pytest.raises(BadEvidence):
        Checkpoint(origin, size, root)
