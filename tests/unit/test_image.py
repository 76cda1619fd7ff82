"""Risk: the container image holds a secret, or lacks what it runs."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
RULES = [
    line
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
ALLOWED = {rule.removeprefix("!") for rule in RULES if rule.startswith("!")}


def test_all_is_ignored_but_what_is_named():
    assert RULES[0] == "*"
    assert all((ROOT / name).exists() for name in ALLOWED)
    assert not {"concord.toml", "examples", "tests"} & ALLOWED


def test_files_with_secrets_are_ignored_wherever_they_lie():
    last_allowed = max(place for place, rule in enumerate(RULES) if rule.startswith("!"))
    assert RULES.index("**/.env*") > last_allowed


def test_every_package_and_every_file_that_the_build_names_is_there():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["setuptools"]["packages"]["find"]["include"]
    named = {name.removesuffix("*") for name in packages} | {project["project"]["readme"]}
    words = (ROOT / "Dockerfile").read_text(encoding="utf-8").split()
    named |= {word for word in words if word.endswith((".lock", ".yaml")) and "/" not in word}
    assert named | {"pyproject.toml", "dbt_project"} == ALLOWED
