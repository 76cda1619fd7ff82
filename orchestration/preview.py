"""The beginning of a source's files as it would be loaded, without a warehouse."""

import ingestion.sources
from ingestion.sources.files.preview import SectionPreview, previews
from ingestion.sources.files.source import FilesSource
from orchestration.checking import export_demo
from orchestration.errors import NotConfigured
from orchestration.marking import check_name
from orchestration.settings import Settings


def previewed(settings: Settings, name: str, entity: str | None, rows: int) -> list[SectionPreview]:
    """Read the beginning of a source's files; NotConfigured if there are none such."""
    check_name(settings, name)
    export_demo(settings)
    section = settings.configuration.sources[name]
    source = ingestion.sources.build(name, section, settings.base_dir)
    if not isinstance(source, FilesSource):
        raise NotConfigured(
            f"{name} is of kind {source.kind}, whose rows can't be shown before they are loaded;"
            " `concord sources check` says whether it answers"
        )
    entities = sorted(each.name for each in source.tables())
    if entity not in (None, *entities):
        raise NotConfigured(f"{name} has no entity {entity!r}; use one of: {', '.join(entities)}")
    return list(previews(source, entity, rows))
