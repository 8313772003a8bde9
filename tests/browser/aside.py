"""Preparing what a browser will see."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def aside(work):
    """Run it in another thread: the browser's own loop runs in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
