"""A shop records, screens, decides and proves: whom of its customers may it mail?  `make run` runs this."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from grondslag.errors import BadCase
from grondslag.explain import explain
from grondslag.register import proving
from grondslag.register.export import export
from grondslag.register.keys import LocalMaster, new_key
from grondslag.register.proving.choosing import Scope
from grondslag.register.recording import Recorded
from grondslag.register.register import Register
from grondslag.register.tabled import entries
from grondslag.screening import Campaign, load_campaign, on_terminal, screen_files

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BUILD = ROOT / "build" / "online_retail"
DAY = date(2011, 12, 9)
SHOP = "The Gift Shop"
LOG = "gift-shop.example/register"
EACH = 22
"""Of every so many customers one decision is kept."""
SAMPLE = 20
"""Decisions in the proof pack."""

sys.path.insert(0, str(ROOT))
from examples.online_retail.make_records import make  # noqa: E402

INTRODUCTION = """\
A real web shop asks: whom of my customers may I e-mail my last Christmas offers, on 9 December 2011?

  Real      541,909 invoice lines of a British gift shop, 2010-2011 (UCI Online Retail, CC BY 4.0).
  Invented  everything else, by a seeded script: there are no e-mail addresses and no consents in the
            data.  Ways out, consents, withdrawals, objections, who is a business, the campaign itself.
  As if     Dutch law had applied to it, as it stood on that day.  Not legal advice.
"""


def main(place: str | Path = BUILD / "shop.register", folder: Path = BUILD) -> None:
    """
    :param place: the register: a file, or an empty database in PostgreSQL.
    :param folder: for everything that is made.
    """
    print(INTRODUCTION)
    _told(make(folder))
    key = _emptied(folder, place)
    with Register.new(place, key, controller=SHOP, origin=LOG, ledger=folder / "ledger") as register:
        record(register, folder)
        campaign = load_campaign(HERE / "campaign.yaml")
        screen(register, folder)
        decisions = ask(register, campaign, folder)
        prove(register, campaign, folder)
    with Register(place, key, folder / "ledger") as register:
        same = all(register.replay(kept.id).same for kept in decisions)
    every = "Each" if same else "NOT each"
    print(f"\n{every} of {len(decisions)} kept decisions comes out the same when it is made again.")


def record(register: Register, folder: Path) -> None:
    """What the shop has on file, into its register, and from there into the log that anyone may check."""
    with on_terminal() as progress:
        outcomes = register.ingest(entries(folder / "records", DAY), datetime.now(UTC))
        count = Counter[str]()
        for _, outcome in outcomes:
            count["refused" if isinstance(outcome, BadCase) else "new" if outcome.new else "known"] += 1
            if count.total() % 1000 == 0:
                progress(f"Recording: {count.total():,} entries")
    checkpoint = register.publish(datetime.now(UTC))
    print("RECORDED in a register, each entry sealed under a key of its person and logged:\n")
    repeated, refused = count["known"], count["refused"]
    print(f"  {count['new']:>10,}  entries; {repeated} rows repeat another, {refused} were refused")
    print(f"  {checkpoint.size:>10,}  in the log {checkpoint.origin}, of which only this is public:")
    print(f"{'':14}{checkpoint.root.hex()}\n")


def screen(register: Register, folder: Path) -> None:
    """The whole audience, from the register."""
    print("SCREENED, from the register:\n")
    export(register, folder / "tables", at=DAY)
    with on_terminal() as progress:
        summary = screen_files(
            campaign=HERE / "campaign.yaml",
            records=folder / "tables",
            audience=folder / "audience.csv",
            at=DAY,
            out=folder / "screening",
            force=True,
            progress=progress,
        )
    # The folder as one would type it from here.
    print(str(summary).replace(str(ROOT) + "/", ""))


def ask(register: Register, campaign: Campaign, folder: Path) -> list[Recorded]:
    """One refusal in full; and some decisions that are kept as evidence."""
    with (folder / "screening" / "refused.csv").open(newline="") as file:
        subject = next(row["subject"] for row in csv.DictReader(file) if row["rule"] == "D-06")
    one = register.decide({"id": subject}, campaign, at=DAY)
    print(f"\nDECIDED about one of them, customer {subject}, from the register:\n")
    told = explain(one.decision, one.drawn, one.case, lang="en")
    print("\n".join(f"  {line}".rstrip() for line in told.splitlines()))
    with (folder / "audience.csv").open(newline="") as file:
        some = [row["subject"] for row in csv.DictReader(file)][::EACH]
    decided = [register.decide({"id": each}, campaign, at=DAY) for each in some]
    return [kept for kept in register.keep(*decided, at=datetime.now(UTC)) if kept]


def prove(register: Register, campaign: Campaign, folder: Path) -> None:
    """A proof pack of a sample, checked by somebody who has only the zip file and Python."""
    register.publish(datetime.now(UTC))
    pack = folder / "proof.zip"
    done = proving.prove(register, pack, Scope(campaign=campaign.name, sample=SAMPLE, seed="make run"), "en")
    print(f"\nPROVED: {SAMPLE} decisions on this campaign, drawn by lot from those that were kept, with the")
    print(f"{done.entries:,} entries they rest on, in {pack.name}.  Checked with nothing but Python:\n")
    with TemporaryDirectory() as elsewhere:
        with zipfile.ZipFile(pack) as file:
            file.extractall(elsewhere)
        command = [sys.executable, "-I", "-S", "verifier.py", "."]
        checked = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, check=False)
    print("\n".join(f"  {line}" for line in (checked.stdout + checked.stderr).splitlines()))
    if checked.returncode:
        sys.exit("The proof pack does not hold.")


def _emptied(folder: Path, place: str | Path) -> LocalMaster:
    """A new master key, where nothing of an earlier run stands in the way."""
    for name in ("ledger", "tables"):
        shutil.rmtree(folder / name, ignore_errors=True)
    key = folder / "shop.register.key"
    for file in (
        key,
        *([Path(f"{place}{end}") for end in ("", "-wal", "-shm")] if isinstance(place, Path) else []),
    ):
        file.unlink(missing_ok=True)
    return new_key(key)


def _told(counts: dict[str, int]) -> None:
    """From invoice lines to purchases: what was left out, and why."""
    rows = (
        ("lines", "invoice lines"),
        ("without_customer", "without a customer: of nobody, left out"),
        ("repeated", "repeat another line exactly: left out"),
        ("no_product", "postage, fees, discounts, samples, vouchers: nothing was bought"),
        ("no_price", "price or quantity of zero or less, though no cancellation: no sale"),
        ("cancellations", "cancellations: an item of which no more was ordered than cancelled is not bought"),
        ("sold", "lines that sold something"),
        ("purchases", "purchases: one for each customer, day and group of products"),
    )
    for name, words in rows:
        print(f"  {counts[name]:>10,}  {words}")
    print(
        f"\nOf {counts['customers']:,} customers {counts['bought']:,} kept something they bought.  "
        f"{counts['cancelled_only']} have only cancellations on file.\n"
        f"{counts['net_nothing']} sent back as much as they ordered, or more; "
        f"{counts['net_nothing_bought']} of these still kept some item, and are customers.\n"
    )


if __name__ == "__main__":
    main()
