"""litellm imported on a thread: when it begins, what comes of it, how a program ends, forks or imports meanwhile."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from tests.faultserver import FaultServer
from tests.model.test_import import GUARD, good, run

PATTERN = "from patterns import Pattern\npattern = Pattern('few_shot/sentiment', model='cohere/command-r')\n"
THREAD = "import threading\nprint(('patterns-warming', False) in [(t.name, t.daemon) for t in threading.enumerate()])\n"
JOIN = "import threading\nfor each in threading.enumerate():\n    each.name == 'patterns-warming' and each.join()\n"
CHECKED = """
import gc, logging, sys
from patterns.model.client import litellm, loaded
from patterns.model.retractable import Retractable
module = litellm()
assert module is sys.modules["litellm"] is loaded()
parts = {name: part for name, part in sys.modules.items() if name.startswith("litellm.")}
assert all(getattr(part, "litellm", module) is module for part in parts.values())
assert module.RateLimitError is parts["litellm.exceptions"].RateLimitError
assert len(logging.getLogger("LiteLLM").handlers) == 1
assert not any(isinstance(finder, Retractable) for finder in sys.meta_path)
assert gc.get_threshold()[0] == 700 and gc.isenabled()
"""
WHOLE = f"""{CHECKED}
hello = [{{"role": "user", "content": "hello"}}]
print(module.completion("openai/gpt-4.1-mini", hello, mock_response="hi").choices[0].message.content)
"""


def warmed(program: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return run(program, folder, **{"PATTERNS_WARM": "1", **environ})


@pytest.mark.parametrize(
    "making",
    [
        "Pattern('few_shot/sentiment', model='cohere/command-r')",
        "Pattern('few_shot/sentiment').with_options(model='ollama_chat/llama3')",
        "Conversation(model='openai/gpt-4.1-mini', lane='litellm')",
        "pattern('few_shot/sentiment', model='cohere/command-r')(lambda text: None)",
        "import threading as t\nmade = t.Thread(target=lambda: Pattern('x', model='cohere/command-r'), daemon=True)\n"
        "made.start()\nmade.join()",
    ],
)
def test_it_begins_with_a_pattern_that_only_litellm_can_ask(making: str, tmp_path: Path) -> None:
    program = f"from patterns import Conversation, Pattern, pattern\n{making}\n{THREAD}"
    done = warmed(program, tmp_path)
    assert (good(done), done.stderr) == ("True", "")


@pytest.mark.parametrize(
    "program",
    [
        "import patterns",
        "from patterns import extract, classify_sentiment\nclassify_sentiment('I love it.')",
        "from patterns import Pattern\nPattern('few_shot/sentiment', model='openai/gpt-4.1-mini')",
        "from patterns import Pattern\nPattern('few_shot/sentiment', model='local/some.gguf')",
        "from patterns import Pattern\nPattern('few_shot/sentiment', model='rules', lane='litellm')",
        "from patterns import Pattern\nPattern('few_shot/sentiment', model='cohere/command-r', lane='fast')",
        "from patterns import Pattern\nfrom patterns.testing import FakeModel\n"
        "with FakeModel(['x']):\n    Pattern('few_shot/sentiment', model='cohere/command-r')",
        "import litellm\n" + PATTERN,
        "from patterns import classify_sentiment, configure\nconfigure(model='cohere/command-r')\n"
        "classify_sentiment.render('I love it.')",
        "import sys\nfrom patterns.__main__ import main\n"
        "sys.argv[1:] = ['show', 'few_shot/sentiment', '-m', 'cohere/command-r']\n"
        "sys.stdout = open('out', 'w')\ntry:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "sys.stdout = sys.__stdout__",
    ],
)
def test_nothing_begins_where_litellm_is_not_needed(program: str, tmp_path: Path) -> None:
    assert good(warmed(f"{program}\n{THREAD}", tmp_path, LITELLM_LOCAL_MODEL_COST_MAP="True")) == "False"


@pytest.mark.parametrize(
    ("before", "environ"),
    [
        ("", {"PATTERNS_WARM": "0"}),
        ("", {"PATTERNS_OFFLINE": "1"}),
        ("", {"PATTERNS_LANE": "fast"}),
        ("", {"PATTERNS_RETRIES": "many"}),
        ("import patterns\npatterns.configure(warm=False)\n", {}),
    ],
)
def test_nothing_is_imported_where_the_settings_say_no(before: str, environ: dict[str, str], tmp_path: Path) -> None:
    done = warmed(before + PATTERN + JOIN + "import sys\nprint('litellm' in sys.modules)", tmp_path, **environ)
    assert (good(done), done.stderr) == ("False", "")


def test_of_many_threads_at_once_one_begins_it(tmp_path: Path) -> None:
    program = """
import sys, threading
from patterns.model.warming import warm
sys.setswitchinterval(1e-6)
begun, gate = [], threading.Barrier(64)
def begin():
    gate.wait()
    warm(lambda: bool(begun.append(threading.current_thread())))
threads = [threading.Thread(target=begin) for _ in range(64)]
for each in threads:
    each.start()
for each in (*threads, *begun):
    each.join()
print(len(begun))
"""
    assert good(warmed(program, tmp_path)) == "1"


def test_the_import_asks_no_network_and_the_first_call_finds_it(tmp_path: Path) -> None:
    done = warmed(GUARD + PATTERN + JOIN + "import sys\nassert 'litellm' in sys.modules" + WHOLE, tmp_path)
    assert (good(done), done.stderr) == ("hi", "")


def test_a_call_begins_it_where_the_settings_name_the_model(faults: FaultServer, tmp_path: Path) -> None:
    faults.script(['{"label": "positive", "confidence": 0.9}'])
    program = (
        "import threading\nbegun, real = [], threading.Thread.start\n"
        "def start(self):\n    begun.append(self.name)\n    real(self)\nthreading.Thread.start = start\n"
        "from patterns import classify_sentiment\n"
        f"print(classify_sentiment.with_options(api_base={faults.api_base!r})('So so.').label, begun[0])"
    )
    settings = {
        "PATTERNS_MODEL": "openai/gpt-4.1-mini",
        "PATTERNS_LANE": "litellm",
        "OPENAI_API_KEY": "sk-nobody-01234",
    }
    assert good(warmed(program, tmp_path, **settings)) == "positive patterns-warming"
    assert faults.calls == 1


@pytest.mark.parametrize("pause", [0.0, 0.3, 0.8])
def test_whoever_needs_it_meanwhile_waits_for_the_same_module(pause: float, tmp_path: Path) -> None:
    done = warmed(f"{PATTERN}import time\ntime.sleep({pause})\n{WHOLE}", tmp_path)
    assert (good(done), done.stderr) == ("hi", "")


@pytest.mark.parametrize("steps", [1, 60, 300, 800, 1150, 1500, 2000, 2400])
def test_given_up_anywhere_it_leaves_nothing_behind(steps: int, tmp_path: Path) -> None:
    program = f"""
import sys
from patterns.model import warming
left = {steps}
def at_the_end():
    global left
    left -= 1
    return left < 0
warming._at_the_end = at_the_end
warming.warm(lambda: True)
warming._begun.thread.join()
assert left < 0 and not [name for name in sys.modules if name.startswith("litellm")]
specs = [getattr(module, "__spec__", None) for name, module in sys.modules.items() if name != "__main__"]
assert not any(getattr(spec, "_initializing", False) for spec in specs)
"""
    done = warmed(program + WHOLE, tmp_path)
    assert (good(done), done.stderr) == ("hi", "")


@pytest.mark.parametrize("pause", [0.0, 0.1, 0.4])
@pytest.mark.parametrize(
    "importing", ["from litellm.exceptions import RateLimitError", "from openai.types.chat import ChatCompletion"]
)
def test_another_thread_may_import_parts_of_it_meanwhile(importing: str, pause: float, tmp_path: Path) -> None:
    done = warmed(f"{PATTERN}import time\ntime.sleep({pause})\n{importing}\n{JOIN}{WHOLE}", tmp_path)
    assert (good(done), done.stderr) == ("hi", "")


def test_a_part_that_is_not_there_is_missing_as_ever(tmp_path: Path) -> None:
    program = (
        "import time\ntime.sleep(0.1)\ntry:\n    import litellm.nowhere\nexcept ModuleNotFoundError:\n    print('no')"
    )
    assert good(warmed(PATTERN + program, tmp_path)) == "no"


def test_a_child_that_is_forked_meanwhile_can_import_it(tmp_path: Path) -> None:
    program = """
import multiprocessing, time
def work():
    from patterns.model.client import litellm
    hello = [{"role": "user", "content": "hello"}]
    said.put(litellm().completion("openai/gpt-4.1-mini", hello, mock_response="hi").choices[0].message.content)
time.sleep(0.4)
context = multiprocessing.get_context("fork")
said = context.Queue()
children = [context.Process(target=work) for _ in range(2)]
for child in children:
    child.start()
print(said.get(timeout=60), said.get(timeout=60))
for child in children:
    child.join()
    assert child.exitcode == 0
"""
    done = warmed(PATTERN + program + WHOLE, tmp_path)
    assert (good(done), done.stderr) == ("hi hi\nhi", "")


@pytest.mark.parametrize(
    ("ending", "code", "said"),
    [
        ("", 0, ""),
        ("sys.exit(3)", 3, ""),
        ("raise ValueError('mine')", 1, "ValueError: mine"),
        ("os.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)", -2, "KeyboardInterrupt"),
        (
            "from patterns.model.client import litellm\nsignal.setitimer(signal.ITIMER_REAL, 0.1)\nlitellm()",
            1,
            "TimeoutError: Timer",
        ),
    ],
)
def test_a_program_ends_promptly_and_quietly(ending: str, code: int, said: str, tmp_path: Path) -> None:
    program = (
        f"{PATTERN}import atexit, os, signal, sys, time\ndef ring(*_):\n    raise TimeoutError('Timer')\n"
        "signal.signal(signal.SIGALRM, ring)\ntime.sleep(0.4)\n"
        "until = time.monotonic() + 2.0\natexit.register(lambda: print(time.monotonic() < until))\n"
        f"started = time.monotonic()\nassert 'litellm' in sys.modules\n{ending}"
    )
    begun = time.monotonic()
    done = warmed(program, tmp_path, PYTHONDEVMODE="1")
    assert done.returncode == code
    assert done.stdout.strip() == "True"
    lines = done.stderr.strip().splitlines()
    assert (lines[-1].startswith(said) and "warming" not in done.stderr) if said else not lines
    assert time.monotonic() - begun < 30


def test_a_thread_that_lives_on_when_the_main_thread_has_ended_gets_it_anew(tmp_path: Path) -> None:
    program = f"""
import concurrent.futures.thread  # which nobody can import so late
import sys, threading, time
def later():
    threading.main_thread().join()
    for each in threading.enumerate():
        each.name == "patterns-warming" and each.join()
    assert "litellm" not in sys.modules
    exec({CHECKED!r}, {{}})
    print("whole")
time.sleep(0.4)
threading.Thread(target=later).start()
"""
    done = warmed(PATTERN + program, tmp_path)
    assert (good(done), done.stderr) == ("whole", "")


def test_an_import_that_fails_is_told_to_who_needs_it(tmp_path: Path) -> None:
    (tmp_path / "litellm").mkdir()
    (tmp_path / "litellm" / "__init__.py").write_text("import litellm.part\nraise ValueError('broken')")
    (tmp_path / "litellm" / "part.py").write_text("")
    program = (
        "from patterns.model.client import litellm\nassert 'litellm.part' not in sys.modules\n"
        "try:\n    litellm()\nexcept ValueError as error:\n    print(error)"
    )
    done = warmed(f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\n{PATTERN}{JOIN}{program}", tmp_path)
    assert (good(done), done.stderr) == ("broken", "")


def test_code_that_goes_on_after_it_was_given_up_gives_no_half_module(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "whole" / "__init__.py").write_text(
        "try:\n    import whole.part\nexcept BaseException:\n    part = None"
    )
    (tmp_path / "whole" / "part.py").write_text("")
    program = f"""
import sys
from patterns.model.retractable import GivenUp, Retractable
sys.path.insert(0, {str(tmp_path)!r})
steps = iter([False, True])
try:
    Retractable(frozenset({{"whole", "__main__"}}), lambda: next(steps)).load("whole")
except GivenUp:
    print("whole" in sys.modules)
import whole.part
print(whole.part is not None)
"""
    assert good(warmed(program, tmp_path)) == "False\nTrue"


def test_parts_of_a_half_imported_package_are_forgotten_and_whole_ones_stay(tmp_path: Path) -> None:
    files = {
        "outer/__init__.py": "import outer.part, other, inner",
        "outer/part.py": "",
        "other/__init__.py": "import other.part",
        "other/part.py": "",
        "inner/__init__.py": "import inner.part\nimport inner.last",
        "inner/part.py": "import inner",
        "inner/last.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    program = f"""
import sys
from patterns.model.retractable import GivenUp, Retractable
sys.path.insert(0, {str(tmp_path)!r})
seen = []
def unwanted():
    seen.append([name for name in ("outer", "other", "inner") if f"{{name}}.part" in sys.modules])
    return "inner" in seen[-1]
try:
    Retractable(frozenset({{"outer", "inner", "__main__"}}), unwanted).load("outer")
except GivenUp:
    print(*sorted(name for name in sys.modules if name.split(".")[0] in ("outer", "other", "inner")))
import outer
print(outer.inner.part.inner is outer.inner, hasattr(outer.inner, "last"))
"""
    assert good(warmed(program, tmp_path)) == "other other.part\nTrue True"
