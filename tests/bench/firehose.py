"""A load of registrations that costs little itself: prepared requests over raw keep-alive connections, one in flight on each."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator
from uuid import uuid4

RUSH = 256
"""People who ask at once when a sought-after meetup opens. With few of them, a server that commits in groups mostly waits for its clients."""


async def registrations_per_second(port: int, path: str, *, count: int, connections: int = RUSH) -> float:
    """Send `count` registrations of different people to one meetup; return the rate of 201s. Raises RuntimeError for other answers."""
    run = uuid4().hex[:8]
    requests = iter([_request(path, number, run) for number in range(count)])
    statuses: Counter[str] = Counter()
    began = time.perf_counter()
    await asyncio.gather(*(_connection(port, requests, statuses) for _ in range(connections)))
    seconds = time.perf_counter() - began
    if statuses["201"] != count:
        raise RuntimeError(f"{path} answered {dict(statuses)}")
    return count / seconds


def _request(path: str, number: int, run: str) -> bytes:
    body = json.dumps(
        {
            "full_name": f"Personne {number}",
            "email": f"p{number}.{run}@bench.example",
            "headcount": "1-9",
            "locale": "fr",
        }
    ).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        f"idempotency-key: {run}-{number}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _connection(port: int, requests: Iterator[bytes], statuses: Counter[str]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
        )
        await reader.readexactly(length)
        statuses[head[9:12].decode()] += 1
    writer.close()
