"""The samples of webhook bodies in `payloads/`, one file for each: `orders_create__paid.json`.

`python tests/shopify/payload_samples.py` writes them anew from the fake itself; a test says when they are behind it.
"""

from __future__ import annotations

import json
from pathlib import Path

from simulator.shopify.samples import Sample, samples

FOLDER = Path(__file__).parent / "payloads"


def file_name(sample: Sample) -> str:
    return f"{sample.topic.replace('/', '_').replace('.', '_')}__{sample.variant}.json"


def text(sample: Sample) -> str:
    return json.dumps(json.loads(sample.body), indent=1, ensure_ascii=False) + "\n"


def write() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.json"):
        old.unlink()
    for sample in samples():
        (FOLDER / file_name(sample)).write_text(text(sample), encoding="utf-8")


if __name__ == "__main__":
    write()
