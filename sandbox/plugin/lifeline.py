"""Ends this process with its parent, whose end closes our standard input."""
import os
import shutil
import sys
import threading


def _wait():
    while sys.stdin.buffer.read1():
        pass
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    os._exit(0)


def hold():
    threading.Thread(target=_wait, daemon=True).start()
