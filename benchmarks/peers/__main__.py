"""The one job, by this package and by others: read a text, get a validated Person from a server on this machine.

Run it with `python -m benchmarks.peers [rounds]`. Each peer works in an environment of its own, made with venv and pip
from the versions pinned in environments.toml, below the user's cache folder; the first run makes them, which takes
minutes. The peers take turns, each time in a new process; medians are shown. Nothing leaves 127.0.0.1 but pip.

CPU is that of the whole process for a call, where the server answers at once; calls a second are for 512 at once where
it takes 50 ms; the first answer is counted from the start of the process. What cannot be installed or run says so.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
import tomllib
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

HERE = Path(__file__).parent
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
PATIENCE, INSTALLING = 90, 600
"""Seconds for one measurement, and for making one environment."""
SPARED = "PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE"


@dataclass
class Peer:
    """One way to do the job, with what was measured of it."""

    name: str
    job: str
    needs: list[str]
    lane: str = ""
    python: str = sys.executable
    trouble: str = ""
    taken: dict[str, list[float]] = field(default_factory=dict)

    def settle(self) -> None:
        """Find or make the environment."""
        if not self.needs:
            return
        named = sha256("\n".join([sys.version, *self.needs]).encode()).hexdigest()[:12]
        folder = user_cache_path("prompt-patterns-benchmarks") / f"{self.job}-{named}"
        self.python = str(folder / "bin" / "python")
        if (folder / "ready").exists():
            return
        print(f"making an environment for {self.name} …", file=sys.stderr, flush=True)
        venv.create(folder, with_pip=True, clear=True)
        pip = [self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *self.needs]
        subprocess.run(pip, check=True, capture_output=True, timeout=INSTALLING, text=True)
        (folder / "ready").touch()

    def measure(self, what: str, base: str) -> None:
        """Run one measurement in a process of its own and note its figures."""
        command = [self.python, str(HERE / "measure.py"), self.job, base, what]
        started = time.perf_counter()
        done = subprocess.run(
            command, env=self._environment(), capture_output=True, text=True, timeout=PATIENCE, check=True
        )
        told = done.stdout.split()
        figures = [time.perf_counter() - started] if what == "first" else [float(line) for line in told]
        for number, figure in enumerate(figures):
            self.taken.setdefault(f"{what}{number}", []).append(figure)

    def _environment(self) -> Mapping[str, str]:
        """Nobody's keys, and no look into the network at the start."""
        own = {name: os.environ[name] for name in SPARED if name in os.environ}
        own |= {"OPENAI_API_KEY": "sk-nobody-0123456789", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
        if not self.needs:
            own |= {"PYTHONPATH": str(HERE.parents[1]), "PATTERNS_LANE": self.lane, "LITELLM_MODE": "PRODUCTION"}
            own |= {"PATTERNS_DATA_DIR": str(user_cache_path("prompt-patterns-benchmarks") / "data")}
        return own

    def shown(self, what: str) -> str:
        taken = self.taken.get(what)
        return f"{statistics.median(taken):,.2f}" if what == "first0" and taken else self._whole(taken)

    @staticmethod
    def _whole(taken: list[float] | None) -> str:
        return f"{statistics.median(taken):,.0f}" if taken else "–"


@contextmanager
def serving(seconds: float) -> Iterator[str]:
    """A server of its own process that answers after so many seconds."""
    command = [sys.executable, str(HERE / "server.py"), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
        finally:
            process.kill()


def tried(peer: Peer, work: Any, *args: object) -> None:
    """Do it, unless the peer has failed before; keep the first trouble for its row."""
    if peer.trouble:
        return
    try:
        work(*args)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        said = str(getattr(error, "stderr", None) or error).strip().splitlines()
        peer.trouble = said[-1][:100] if said else type(error).__name__


def table(peers: list[Peer]) -> str:
    head = ["", "CPU µs, blocking", "CPU µs, on a loop", "calls/s, 512 at 50 ms", "first answer, s"]
    lines = [head, ["---", *["--:"] * 4]]
    for peer in peers:
        figures = [peer.shown(what) for what in ("cpu0", "cpu1", "many0", "first0")]
        lines.append([f"{peer.name}: {peer.trouble}" if peer.trouble else peer.name, *figures])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    rows = tomllib.loads((HERE / "environments.toml").read_text(encoding="utf-8"))["peer"]
    peers = [Peer(**row) for row in rows]
    for peer in peers:
        tried(peer, peer.settle)
    with serving(0) as at_once, serving(0.05) as later:
        for _ in range(ROUNDS):
            for what, base in (("cpu", at_once), ("first", at_once), ("many", later)):
                for peer in peers:
                    tried(peer, peer.measure, what, base)
    print(table(peers))


if __name__ == "__main__":
    main()
