"""The file of vectors: what was paid for is kept, whatever the disk does."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]


def test_a_full_disk_loses_none_of_the_vectors_that_are_there(tmp_path: Path) -> None:
    code = """
        import resource, signal, sys
        from pathlib import Path
        from patterns.model.vectors import Vectors
        kept = Vectors(Path(sys.argv[1]))
        kept.keep("m", "h", {"paid": (0.5, 1.0)})
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
        for _ in range(3):
            kept.keep("m", "h", {str(n): (0.5,) * 1000 for n in range(2000)})
        print(kept.find("m", "h", ["paid", "7"]))
    """
    path = tmp_path / "own" / "vectors.sqlite"
    words = [sys.executable, "-c", textwrap.dedent(code), str(path)]
    done = subprocess.run(words, capture_output=True, text=True, cwd=HERE, timeout=60)
    assert done.stdout.strip() == "{'paid': (0.5, 1.0)}", done.stderr
    assert done.stderr.count("RuntimeWarning") == 1
    assert "cannot be used" in done.stderr
    assert list(path.parent.glob("*corrupt*")) == []
