"""Risk: what Dagster shows is nameless, ownerless, never late, or gives up at the first hiccup."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest

from ingestion.errors import SourceUnreachable
from orchestration import translators
from orchestration.defs import ingestion as ingestion_defs
from orchestration.defs import publication as publication_defs
from orchestration.defs.resources import Concord
from orchestration.settings import load_settings
from tests.fixtures.exporting_company import SOURCES, ExportingCompany

pytestmark = pytest.mark.xdist_group("definitions")
METABASE = '[metabase]\nurl = "http://127.0.0.1:9"\n'


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.Definitions]:
    """Load the definitions of a configured company, without DAGSTER_HOME and without a database."""
    folder = tmp_path_factory.mktemp("definitions")
    company = ExportingCompany(folder / "company")
    company.write()
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DAGSTER_HOME", raising=False)
        patch.delenv("CONCORD_DATABASE_URL", raising=False)
        patch.setenv("CONCORD_CONFIG", str(company.config))
        patch.setenv("CONCORD_WORKSPACE", str(folder / "workspace"))
        from orchestration.definitions import concord

        yield concord()


@pytest.fixture
def assets(definitions: dg.Definitions) -> dict[str, Any]:
    """Give the assets that Concord makes, by name."""
    graph = definitions.resolve_asset_graph()
    nodes = [graph.get(key) for key in graph.get_all_asset_keys()]
    return {node.key.to_user_string(): node for node in nodes if node.is_materializable}


def test_definitions_hold_together(definitions: dg.Definitions):
    dg.Definitions.validate_loadable(definitions)


def test_each_asset_has_a_group_an_owner_and_a_description(assets: dict[str, Any]):
    nameless = [
        name
        for name, node in assets.items()
        if not (node.group_name and node.owners and node.description)
    ]
    assert nameless == []


def test_a_missed_day_shows_on_sources_and_on_what_is_published(assets: dict[str, Any]):
    for name in ("raw/shop", "raw/desk", "published/scorecard", "published/page"):
        policy = assets[name].freshness_policy
        assert timedelta(hours=24) < policy.warn_window.to_timedelta(), name
        assert policy.fail_window.to_timedelta() < timedelta(hours=48), name


def test_the_daily_job_holds_everything_at_the_companys_five_in_the_morning(
    definitions: dg.Definitions, assets: dict[str, Any]
):
    job = definitions.resolve_job_def("daily")
    assert {key.to_user_string() for key in job.asset_layer.executable_asset_keys} == set(assets)
    (schedule,) = definitions.schedules or ()
    assert isinstance(schedule, dg.ScheduleDefinition)
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 5 * * *", "Europe/Berlin")
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING


def test_a_staging_model_waits_for_the_sources_that_fill_its_entity(assets: dict[str, Any]):
    """Lineage would lie, or staging would read before all that was loaded."""
    for source, entities in SOURCES.items():
        for entity in entities:
            parents = {key.to_user_string() for key in assets[f"staging/stg_{entity}"].parent_keys}
            assert parents == {f"raw/{source}"}


def test_views_on_the_way_are_no_assets_and_lineage_passes_through_them(assets: dict[str, Any]):
    """`int_touches` is a view of views; `int_experiences` is one that has a test."""
    assert "intermediate/int_touches" not in assets
    assert "intermediate/int_experiences" in assets
    parents = {key.to_user_string() for key in assets["marts/touches"].parent_keys}
    assert parents <= set(assets)
    assert {"intermediate/int_orders", "staging/stg_survey_responses"} <= parents


def test_the_gates_stand_between_separate_steps(definitions: dg.Definitions):
    """A blocking check within one step stops nothing of that step."""
    steps = definitions.resolve_job_def("daily").all_node_defs
    names = {step.name for step in steps}
    assert {
        "raw__shop",
        "raw__shop_arrival",
        "raw__desk_arrival",
        "staging",
        "paths",
        "transformation",
        "marts__scorecard_publishable",
        "published__scorecard",
    } <= names
    graph = definitions.resolve_asset_graph()
    gates = {key.name for key in graph.asset_check_keys if graph.get(key).blocking}
    assert {"arrival", "publishable"} <= gates


class _NoWarehouse(Concord):
    """The settings alone: what these tests load goes nowhere."""

    @property
    def url(self) -> str:
        return "postgresql://nobody@127.0.0.1/nowhere"


@pytest.mark.parametrize(("failures", "succeeds"), [(2, True), (9, False)])
def test_a_source_that_fails_is_tried_again_but_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failures: int, succeeds: bool
):
    company = ExportingCompany(tmp_path / "company")
    company.write()
    settings = load_settings(company.config, tmp_path / "work", {})
    tries: list[int] = []

    def load(*_: object) -> SimpleNamespace:
        tries.append(len(tries))
        if len(tries) <= failures:
            raise SourceUnreachable("the shop does not answer")
        return SimpleNamespace(total=lambda measure: 0)

    patient = translators.RETRIES
    hasty = dg.RetryPolicy(max_retries=patient.max_retries, delay=0.01)
    monkeypatch.setattr(ingestion_defs, "RETRIES", hasty)
    monkeypatch.setattr(ingestion_defs, "load", load)
    monkeypatch.setattr("orchestration.defs.resources.only_run", lambda url: nullcontext())
    concord = _NoWarehouse(config_file=str(company.config), workspace=str(tmp_path / "work"))
    result = dg.materialize(
        [ingestion_defs.source_asset(settings, "shop")],
        resources={"concord": concord},
        raise_on_error=False,
    )
    assert result.success is succeeds
    assert len(tries) == (failures + 1 if succeeds else patient.max_retries + 1)


def test_the_pauses_between_tries_grow():
    policy = translators.RETRIES
    assert policy.backoff == dg.Backoff.EXPONENTIAL
    assert policy.jitter is not None
    assert policy.max_retries >= 3


@pytest.mark.parametrize(("section", "is_there"), [("", False), (METABASE, True)])
def test_metabase_stands_beside_the_page_and_only_where_it_is_configured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, section: str, is_there: bool
):
    company = ExportingCompany(tmp_path / "company")
    company.write(settings=section)
    monkeypatch.setenv("CONCORD_CONFIG", str(company.config))
    monkeypatch.setenv("CONCORD_WORKSPACE", str(tmp_path / "workspace"))
    assets = {asset.key: asset for asset in publication_defs.publications().assets or ()}
    assert (translators.METABASE in assets) is is_there
    assert translators.PAGE in assets
    if is_there:
        made = assets[translators.METABASE]
        assert made.asset_deps[translators.METABASE] == {translators.PUBLISHED}
        assert made.op.retry_policy == translators.RETRIES
