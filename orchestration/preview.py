"""The beginning of what a source has, as it would be loaded, without a warehouse."""

import ingestion.sources
from ingestion.mapping.preview import SectionPreview
from orchestration import demo
from orchestration.checking import export_demo
from orchestration.errors import NotConfigured
from orchestration.marking import check_name
from orchestration.settings import Settings


def previewed(settings: Settings, name: str, entity: str | None, rows: int) -> list[SectionPreview]:
    """Read the beginning of what a source has; NotConfigured if it lacks the entity."""
    check_name(settings, name)
    export_demo(settings)
    with demo.section(settings, name) as section:
        source = ingestion.sources.build(name, section, settings.base_dir)
        entities = sorted(each.name for each in source.tables())
        if entity not in (None, *entities):
            found = ", ".join(entities)
            raise NotConfigured(f"{name} has no entity {entity!r}; use one of: {found}")
        return list(source.previews(entity, rows))
