"""What people wrote in the example organization: names, titles, descriptions and cards."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from git_registry.model.documents.organization import Identity, Team

PEOPLE = ("Ana", "Bob", "Chloe", "Dai", "Eve")

IDENTITIES: Mapping[str, Identity] = {
    f"user:{name.lower()}": Identity(github=f"{name.lower()}-acme", emails=(f"{name.lower()}@acme.example",))
    for name in PEOPLE
}

TEAMS: Mapping[str, Team] = {
    "data": Team(members=("user:dai", "user:eve"), github="acme/data"),
    "growth": Team(members=("user:bob", "user:chloe"), github="acme/growth"),
    "platform": Team(members=("user:ana", "service:train-ci")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What one collection is for.

    Attributes:
        name: the collection's.
        data: the data set it holds, is learned from or is judged by.
        tags: the collection's.
    """

    name: str
    title: str
    about: str
    data: str
    tags: tuple[str, ...] = ()


def _use(name: str, data: str, title: str, about: str, *tags: str) -> Use:
    return Use(name=name, title=title, about=about, data=data, tags=tags)


DATASETS = (
    _use("customers", "customers", "Customers", "One row a customer and month.", "pii", "monthly"),
    _use("digits", "digits", "Handwritten digits", "Digits of delivery notes, 8×8 pixels.", "images"),
    _use("payments", "payments", "Card payments", "A sample of payments, half of them disputed.", "pii"),
    _use("tumours", "tumours", "Cell nuclei", "Measured nuclei of biopsies, benign and malignant.", "public"),
    _use("wines", "wines", "Wines", "Chemical analysis of wines of three growers.", "public"),
    _use("leads", "leads", "Sales leads", "Leads of the web form, and whether they bought.", "eu"),
    _use("tickets", "tickets", "Support tickets", "Features of tickets, and whether they were escalated."),
    _use("orders", "orders", "Orders", "Orders of the shop, and whether they came back.", "monthly"),
)
MODELS = (
    _use("churn", "customers", "Churn", "Will this customer leave within 90 days?", "growth", "tier-1"),
    _use("digits", "digits", "Digit reader", "Reads the digits on delivery notes.", "vision", "tier-1"),
    _use("fraud", "payments", "Fraud", "Scores a payment before it is authorized.", "risk", "tier-1"),
    _use("churn-eu", "customers", "Churn, Europe", "As churn, for Europe.", "growth", "eu"),
    _use("returns", "orders", "Returns", "Will this order come back?", "operations"),
    _use("tumours", "tumours", "Nuclei screening", "A demonstration for the medical team.", "demo"),
    _use("wines", "wines", "Which grower", "A benchmark for the small-data pipeline.", "demo", "benchmark"),
    _use("leads", "leads", "Lead score", "Which leads to call first.", "growth"),
    _use("escalation", "tickets", "Escalation", "Will this ticket be escalated?", "support"),
    _use("fraud-cards", "payments", "Fraud, cards only", "Leaner than fraud, for the card terminal.", "risk"),
    _use("digits-edge", "digits", "Digit reader, edge", "Runs on the scanner itself.", "vision", "edge"),
    _use("churn-us", "customers", "Churn, United States", "As churn, for the US.", "growth", "us"),
    _use("leads-b2b", "leads", "Lead score, companies", "Leads that are companies.", "growth"),
    _use("returns-gift", "orders", "Returns of gifts", "Gifts come back otherwise.", "operations"),
    _use("priority", "tickets", "Ticket priority", "Orders the queue of the help desk.", "support"),
    _use("upsell", "customers", "Upsell", "Who would take the larger plan?", "growth"),
    _use("chargeback", "payments", "Chargeback", "Will this dispute be won?", "risk"),
)
EVALUATIONS = (
    _use("churn", "customers", "Churn, evaluated", "Monthly report on whatever serves churn.", "monthly"),
    _use("digits", "digits", "Digit reader, evaluated", "Confusion of digits on fresh scans.", "monthly"),
    _use("fraud", "payments", "Fraud, evaluated", "What each version would have cost us.", "risk"),
    _use("returns", "orders", "Returns, evaluated", "Report for operations.", "monthly"),
    _use("tumours", "tumours", "Nuclei screening, evaluated", "Sensitivity and specificity.", "demo"),
)

REGISTRY_CARD = """\
# Models

What we serve, and what we would serve next. A model gets here by a link from its project; nothing is copied.

| alias | who may move it | what it means |
|---|---|---|
| `staging` | admins | runs on shadow traffic |
| `production` | admins, after `staging` | answers customers |
| `champion` | any member | best in the last evaluation |

## How to ship a version

1. Link it: `git registry link projects/churn/churn:v12 model/churn --alias staging`
2. Wait a day for the *shadow* numbers.
3. Propose it: `git registry promote model/churn:staging --to production --propose`

> Never promote on a Friday. If it went wrong, `git registry rollback model/churn production` takes a second.

Questions: [the platform team](https://wiki.acme.example/platform).
"""

CARD = """\
# {title}

{about}

## Intended use

- decisions that a person can **overrule**
- batch scoring at night, and single requests under 20 ms
- *not* for anyone below 18

## Training

Logistic regression by stochastic gradient descent on [`dataset/{data}`](https://wiki.acme.example/data/{data}),
`log_loss`, constant learning rate. Features are standardized.

| metric | wanted | why |
|---|---:|---|
| accuracy | ≥ 0.80 | the old rules had 0.78 |
| loss | ≤ 0.60 | scores are shown as percentages |
| f1 | ≥ 0.80 | both kinds of error cost about the same |

```python
import git_registry as gr

run = gr.init(project="serving")
path = run.use_model("wandb-registry-model/{name}:production")
```

## Limits

1. Learned from last year; seasons repeat, crises do not.
2. Nobody measured it per country yet.

- [x] reviewed by the data team
- [ ] reviewed by legal
"""

DATASET_CARD = """\
# {title}

{about}

## Columns

| column | what it is |
|---|---|
| `label` | what is to be predicted |
| all others | standardized: mean 0, deviation 1 |

## Where it comes from

The nightly export, cleaned by `prepare.py`:

* rows without a label are dropped
* duplicates are kept once, the *latest* one
* outliers beyond 6 deviations are clipped

Ask [Dai](mailto:dai@acme.example) before you publish anything made of it.
"""

DESCRIPTIONS = (
    "Retrained on last month.",
    "Stronger regularization, after the talk with risk.",
    "Same data, larger steps.",
    "Nightly build.",
    "Fixes the **label leak** of the version before.",
    "Candidate of the sweep; see its run for the curves.",
    "For the shadow deployment.",
    None,
    None,
)

TAGS = ("nightly", "candidate", "eu", "us", "reviewed", "sweep", "baseline", "hotfix")

RUN_NOTES = (
    None,
    "Baseline.",
    "Tried a smaller step: loss falls slower, and lower.",
    "l1 drops four features without losing anything.",
    None,
    "Overfits after step 80, see val.loss.",
)

REASONS = (
    "Shadow numbers are better than what is served, by two points.",
    "The old one knows nothing of this year's prices.",
    "Risk agreed on Tuesday.",
    "",
)

MOODS = (
    "brisk",
    "calm",
    "deft",
    "eager",
    "fair",
    "keen",
    "lucid",
    "mild",
    "noble",
    "quiet",
    "sunny",
    "vivid",
)
ANIMALS = ("otter", "heron", "finch", "raven", "marten", "lynx", "plover", "stoat", "tern", "vole", "wren")

EVALUATION_CARD = """\
# Evaluations

Reports on what we serve, one collection a use. Each is made by a run that used the **model** and the
**data**: its lineage tells which.

* accuracy that fell by more than 3 points is told in the channel
* `gold` marks the best month
"""

REPORT_CARD = """\
# {title}

{about} It compares what was measured when the model was trained with what it does now on `dataset/{data}`.

1. `report.md` is for people
2. `metrics.table.json` is for scripts
"""

CARDS = {"dataset": DATASET_CARD, "model": CARD, "evaluation": REPORT_CARD}
"""The card of a collection, by its registry."""


def said(chance: random.Random) -> dict[str, Any]:
    """Return what somebody says of a version that they link: often nothing."""
    return {
        "description": chance.choice(DESCRIPTIONS),
        "tags": chance.sample(TAGS, chance.choice((0, 0, 1, 2))),
    }
