"""Consent records and receipts: what the register knows of a consent, in the forms that others read.

:func:`records` says what became of each consent of one person on a day.  :func:`record` and :func:`receipt`
write it as JSON-LD (ISO/IEC TS 27560, DPV 2.3); :mod:`.kantara` and :mod:`.govstack` as two other forms.
``docs/consent-records.md`` tells where each field comes from.
"""

from grondslag.register.receipts.document import context, receipt, record
from grondslag.register.receipts.lacks import MissingInRecord, lacking
from grondslag.register.receipts.organisation import Organisation, organisation
from grondslag.register.receipts.stages import Record, Stage
from grondslag.register.receipts.states import records

__all__ = [
    "MissingInRecord",
    "Organisation",
    "Record",
    "Stage",
    "context",
    "lacking",
    "organisation",
    "receipt",
    "record",
    "records",
]
