"""An organization in which everything that anybody may write was written to break the page that shows it."""

from __future__ import annotations

import math
from itertools import cycle

from tests.sdk.desk import Desk
from tests.sdk.recorded import (
    collection_at,
    linked,
    manifest,
    project_at,
    record,
    run,
    run_at,
    version_at,
)

from git_registry.model import layout
from git_registry.model.digest import Digest, list_digest
from git_registry.model.documents.alias import Alias
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.manifest import FileEntry
from git_registry.model.documents.notes import Notes
from git_registry.model.documents.registry import Registry

EVIL = '"><script>ran = 1</script><img src=x onerror="ran = 1">\'; ran = 1//</script><!--{{ 7*7 }}{% x %}'
TYPE = '"><script>ran = 1<img src=x onerror="ran = 1">'
"""The same, as far as a type may say it."""
TURNED = "abc\u202edcba\u200b\x07"
"""Letters that turn the reading direction, that are not seen, and that ring."""

CARD = f"""# {EVIL} {TURNED}

[link](javascript:ran=1) [data](data:text/html,<script>ran=1</script>) <javascript:ran=1>
![picture](https://elsewhere.example/x.png) <iframe src="https://elsewhere.example/"></iframe>
<style>body {{ display: none }}</style> <form action="https://elsewhere.example/"><input name=x></form>

[ref]: javascript:ran=1
[ref] `</code></pre>{EVIL}`

```"><script>ran = 1</script>
{EVIL}
```

| {EVIL} | b |
|---|---|
| <svg onload="ran = 1"> | [x](vbscript:ran) |
"""
NUMBERS = (math.nan, math.inf, -math.inf, 1e308, -1e308, 5e-324, -0.0, 10**15, 0.1)


def tell(desk: Desk) -> None:
    """Write all of it: on `main` what is in registries, on `projects/bad` a run."""
    wordy = Notes(description=EVIL + "long " * 40_000, metadata={EVIL: EVIL, "deep": _deep()})
    tagged = Notes(
        tags=tuple(f"tag-{one}" for one in range(10_000)),
        metadata={f"key-{one}": EVIL for one in range(500)},
    )
    one, two = _version("one"), _version("two", inputs=(linked("model/evil", _version("one")),))
    place = "model/evil"
    record(
        desk,
        "main",
        {
            layout.registry_path("model"): Registry(title=EVIL, description=EVIL, types=("model", TYPE)),
            layout.card_path("model"): CARD.encode(),
            layout.collection_path(place): Collection(type=TYPE, title=EVIL, description=EVIL),
            layout.card_path(place): CARD.encode(),
            layout.notes_path(layout.manifest_path(place, one.id)): wordy,
            layout.notes_path(layout.manifest_path(place, two.id)): tagged,
            "model/evil/automations/bad.yaml": b"format: 1\nevents: [" + EVIL.encode() + b"]\n",
        },
        version_at(place, one),
        version_at(place, two),
        {layout.alias_path(place, name): Alias(version=one.id) for name in ("a'b", "<b>", "{{7*7}}")},
        {layout.alias_path(place, f"alias-{number}"): Alias(version=two.id) for number in range(500)},
        collection_at("model/long"),
        {layout.card_path("model/long"): b"> " * 500_000},
        collection_at("model/nested"),
        {layout.card_path("model/nested"): ("[" * 60_000 + "*a_" * 30_000).encode()},
        collection_at("model/files"),
        version_at("model/files", _files(100)),
        {layout.collection_path("model/unread"): b"type: [<script>ran = 1</script>\n"},
        {layout.manifest_path("model/unread", "0" * 32): b"\xff\xfe{{{" + EVIL.encode()},
        {layout.registry_path("bad"): b"format: 99\n" + EVIL.encode()},
        {layout.access_path("bad"): b"- <script>ran = 1</script>\n: : :"},
    )
    record(desk, "projects/bad", project_at("bad"), run_at("bad", "r1", _run(one)))


def _version(text, **parts):
    metrics = {EVIL: 1.0, **dict(zip((f"metric-{one}" for one in range(500)), cycle(NUMBERS)))}
    told = {"metrics": metrics, "metadata": {EVIL: [EVIL, {EVIL: None}], "deep": _deep()}, **parts}
    return manifest(text, **told)


def _files(count):
    one = Digest.of(b"x")
    names = (f"{EVIL.replace('/', '-')[:60]}/{number}" for number in range(count))
    files = tuple(FileEntry(path=name, size=1, digest=one, uri="file:///x") for name in sorted(names))
    digest = list_digest([(one.path, one.digest, one.uri) for one in files])
    return manifest("files", digest=digest, size=count, files=files)


def _run(one):
    summary = dict(zip((f"{EVIL}-{number}" for number in range(500)), cycle(NUMBERS)))
    return run(
        name=EVIL, job_type=EVIL, notes=EVIL, config={EVIL: EVIL}, summary=summary, outputs=[("evil", one)]
    )


def _deep():
    value = EVIL
    for _ in range(14):
        value = {"more": value}
    return value
