"""Concord's Dagster code location: everything in defs/, and nothing here."""

from pathlib import Path

import dagster as dg


@dg.definitions
def concord() -> dg.Definitions:
    """Load the definitions of every module in orchestration/defs."""
    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
