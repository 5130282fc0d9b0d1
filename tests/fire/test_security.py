"""Nothing that is read is run: the package has no pickle, eval, shell, unsafe loader or temp-file race, and asks no network."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from corpora import lines, rows

import dedup

PACKAGE = Path(dedup.__file__).parent
RUNS_WHAT_IT_READS = {
    "pickle",
    "_pickle",
    "cPickle",
    "cloudpickle",
    "dill",
    "joblib",
    "marshal",
    "shelve",
    "code",
    "codeop",
    "runpy",
    "pty",
}
NETWORK = {"socket", "socketserver", "ssl", "http", "ftplib", "smtplib", "poplib", "imaplib", "telnetlib", "xmlrpc", "webbrowser"}
NETWORK |= {"urllib.request", "urllib3", "requests", "httpx", "aiohttp", "websockets", "paramiko"}
SETTINGS = {"shell", "allow_pickle", "trust_remote_code"}  # never set in a call to another package
# Audited events of a whole run; numba reads its own cache, and asks the platform what it is.
WATCHED = """
import sys
EVENTS = {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "os.system", "os.exec", "os.posix_spawn"}
EVENTS |= {"subprocess.Popen", "pickle.find_class"}
def watch(event, arguments):
    frame = sys._getframe(1) if event in EVENTS else None
    while frame is not None and frame.f_globals.get("__name__", "").split(".")[0] not in {"numba", "llvmlite", "platform"}:
        frame = frame.f_back
        if frame is None:
            sys.__stderr__.write(f"asked: {event} {arguments}\\n")
sys.addaudithook(watch)
from dedup.cli import main
sys.exit(main())
"""
NAMES = {"eval", "exec", "compile", "__import__"}
CALLS = {"os.system", "os.popen", "os.tempnam", "tempfile.mktemp", "yaml.load", "yaml.unsafe_load", "yaml.full_load"}
CALLS |= {f"os.{name}{kind}" for name in ("exec", "spawn") for kind in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")}
CALLS |= {"subprocess.getoutput", "subprocess.getstatusoutput", "asyncio.create_subprocess_shell", "pandas.read_pickle"}


def faults(source, *, network):
    """What a module's source does that no module may do: line and name."""
    forbidden = RUNS_WHAT_IT_READS | CALLS | (set() if network else NETWORK)
    homes, found = {}, []  # a local name's full name
    nodes = list(ast.walk(ast.parse(source)))
    for node in nodes:
        for alias in node.names if isinstance(node, ast.Import | ast.ImportFrom) else ():
            full = f"{node.module}.{alias.name}" if isinstance(node, ast.ImportFrom) else alias.name
            homes[alias.asname or alias.name.split(".")[0]] = (
                full if alias.asname or isinstance(node, ast.ImportFrom) else full.split(".")[0]
            )
            if any(full == one or full.startswith(f"{one}.") for one in forbidden):
                found.append((node.lineno, full))
    for node in nodes:
        name = _full_name(node, homes)
        if name in CALLS or (name or "").removeprefix("builtins.") in NAMES:
            found.append((node.lineno, name))
        for word in node.keywords if isinstance(node, ast.Call) else ():
            safe = isinstance(word.value, ast.Constant) and not word.value.value
            if word.arg in SETTINGS and not safe and (_full_name(node.func, homes) or "").rpartition(".")[2] != "generate_completion":
                found.append((node.lineno, word.arg))
    return found


def _full_name(node, homes):
    """The dotted name that an expression is, with its import's home in front; none for another expression."""
    if isinstance(node, ast.Name):
        return homes.get(node.id, node.id)
    if isinstance(node, ast.Attribute) and (before := _full_name(node.value, homes)):
        return f"{before}.{node.attr}"
    return None


def test_no_module_runs_what_it_reads():
    modules = sorted(PACKAGE.rglob("*.py"))
    assert len(modules) > 100
    found = {}
    for module in modules:
        network = "integrations" in module.relative_to(PACKAGE).parts
        if told := faults(module.read_text("utf-8"), network=network):
            found[str(module)] = told
    assert not found


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from pickle import loads",
        "import marshal as m",
        "eval('1')",
        "import builtins\nbuiltins.exec('1')",
        "import os\nos.system('ls')",
        "from os import system",
        "import os as o\no.popen('ls')",
        "import subprocess\nsubprocess.run('ls', shell=True)",
        "import subprocess\nsubprocess.run('ls', shell=given)",
        "import yaml\nyaml.load(text)",
        "import tempfile\ntempfile.mktemp()",
        "import numpy\nnumpy.load(path, allow_pickle=True)",
        "import socket",
        "import urllib.request",
        "from urllib import request",
        "from urllib.request import urlopen",
        "import http.client",
    ],
)
def test_each_fault_is_found(source):
    assert faults(source, network=False)


def test_what_is_no_fault():
    source = "import os, re, subprocess\nfrom urllib.parse import urlsplit\nsubprocess.run(['ls'], shell=False)\nre.compile('a')"
    assert not faults(source, network=False)


def test_a_run_asks_no_network_and_starts_no_other_program(tmp_path):
    (tmp_path / "in.jsonl").write_bytes(lines(rows(50)))
    command = [sys.executable, "-c", WATCHED, "run", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", "--html", tmp_path / "r.html"]
    done = subprocess.run([*command, "-j", "1"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert b"asked:" not in done.stderr, done.stderr.decode()
    assert (tmp_path / "out.jsonl").stat().st_size
