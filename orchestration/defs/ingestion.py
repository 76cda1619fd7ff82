"""One asset per configured source: it loads the source into the raw tables."""

import dagster as dg

import ingestion.sources
from ingestion.errors import (
    ConfigurationFaults,
    ExportShrank,
    IngestionError,
    MappingFault,
    SourceAnswerBroken,
    SourceRefused,
)
from ingestion.loading import LoadReport, Progress, load
from orchestration import demo, ledger, progress
from orchestration.defs.resources import Concord
from orchestration.failures import MISUSE
from orchestration.settings import Settings, load_settings
from orchestration.translators import (
    CONFIGURED,
    DAILY,
    DATA_ENGINEERING,
    DEMO_EXPORTS,
    RETRIES,
    raw_key,
)


@dg.definitions
def sources() -> dg.Definitions:
    """Make an asset of each source in concord.toml, and of the demo company's exports."""
    settings = load_settings()
    assets = [configured]
    if settings.company.demo:
        assets.append(demo_exports)
    assets += [source_asset(settings, name) for name in settings.configuration.sources]
    return dg.Definitions(assets=assets)


@dg.asset(
    key=CONFIGURED,
    group_name="ingestion",
    owners=[DATA_ENGINEERING],
    description="Targets with their owners, explanations and baseline shifts, from concord.toml.",
)
def configured(concord: Concord) -> dg.MaterializeResult:
    count = ledger.write_settings(concord.url, concord.settings.configuration)
    return dg.MaterializeResult(metadata={"rows": count})


@dg.asset(
    key=DEMO_EXPORTS,
    group_name="ingestion",
    owners=[DATA_ENGINEERING],
    description="The exports that the simulated demo company's systems would have written.",
)
def demo_exports(concord: Concord) -> dg.MaterializeResult:
    progress.say("simulating the demo company")
    files = demo.write_exports(concord.settings)
    return dg.MaterializeResult(metadata={"files": len(files)})


def source_asset(settings: Settings, name: str) -> dg.AssetsDefinition:
    """Return the asset that loads the source called `name`."""
    section = settings.configuration.sources[name]
    kind = section.get("kind", "unknown")
    filled = ", ".join(sorted(ingestion.sources.entities(section)))

    @dg.asset(
        key=raw_key(name),
        deps=[DEMO_EXPORTS] if settings.company.demo else [],
        group_name="ingestion",
        owners=[DATA_ENGINEERING],
        kinds={kind, "postgres"},
        retry_policy=RETRIES,
        freshness_policy=DAILY,
        description=f"What the source {name!r} ({kind}) holds, as rows of raw: {filled}.",
    )
    def raw(concord: Concord) -> dg.MaterializeResult:
        current = concord.settings
        try:
            with demo.section(current, name) as section:
                source = ingestion.sources.build(name, section, current.base_dir)
                report = load(
                    source,
                    concord.url,
                    lambda done: progress.say(_words(done)),
                    current.configuration.gates.maximum_removed_share,
                )
        except (ConfigurationFaults, MappingFault) as error:
            # A wrong mapping stays wrong: a retry won't help.
            raise dg.Failure(str(error), {MISUSE: True}, allow_retries=False) from error
        except (ExportShrank, SourceRefused, SourceAnswerBroken) as error:
            # Nor does one mend a broken file.
            raise dg.Failure(str(error), allow_retries=False) from error
        except IngestionError as error:
            raise dg.Failure(str(error)) from error
        except (KeyboardInterrupt, dg.DagsterExecutionInterruptedError) as interrupt:
            # Otherwise Dagster would retry the step.
            raise dg.Failure("interrupted", allow_retries=False) from interrupt
        return dg.MaterializeResult(metadata=_metadata(report))

    return raw


def _words(done: Progress) -> str:
    return f"{done.step} {done.entity} {done.rows:,} rows"


def _metadata(report: LoadReport) -> dict[str, int]:
    measures = (
        "received",
        "loaded",
        "folded",
        "filtered",
        "quarantined",
        "inserted",
        "updated",
        "unchanged",
        "removed",
    )
    return {measure: report.total(measure) for measure in measures}
