"""Whether the answers to a survey can be on the scale that their source says, or is taken to say.

A scale that is wrong gives figures that look like bad news: none of them is out of bounds.
"""

from great_expectations import ExpectationSuite
from psycopg import sql

from expectations.suites.checks import warning
from expectations.suites.raw.arrivals import Arrivals

# Fewer answers than these may all be low by chance.
_ENOUGH = 5


def parts(arrivals: Arrivals) -> list[sql.Composed]:
    """Measure the range of the scores of each scale, for the entities that have scores."""
    names = {entity.name for entity in arrivals.entities}
    return [
        query.format(enough=sql.Literal(_ENOUGH))
        for name, query in _SCORES.items()
        if name in names
    ]


# All rows are asked, not only the new ones: the fault stays until somebody corrects the mapping.
# Each section has a mapping of its own, and answers of the others hide none of its faults.
_SCORES = {
    "survey_responses": sql.SQL(
        """
        select
            'survey_responses' as table_name,
            rows.section,
            coalesce(rows.survey_kind, 'relational') as kind,
            coalesce(rows.scale_max, 10) as scale_max,
            max(rows.score) as highest,
            count(*) as answers,
            coalesce(rows.scale_max, 10) = 10 and max(rows.score) <= 5 as is_doubtful
        from raw.survey_responses as rows
        inner join inputs on rows.source_name = inputs.source_name
        group by 2, 3, 4
        having count(*) >= {enough}
        """
    ),
    "satisfaction_ratings": sql.SQL(
        """
        select
            'satisfaction_ratings' as table_name,
            rows.section,
            'rated' as kind,
            rows.scale_max,
            max(rows.score) as highest,
            count(rows.score) as answers,
            (rows.scale_max > 1 and min(rows.score) = 0 and max(rows.score) = 1)
            or (rows.scale_max > 5 and max(rows.score) <= rows.scale_max / 2.0)
            or max(rows.score) > rows.scale_max as is_doubtful
        from raw.satisfaction_ratings as rows
        inner join inputs on rows.source_name = inputs.source_name
        group by rows.section, rows.scale_max
        having count(rows.score) >= {enough}
        """
    ),
}

# One row per entity, section, kind and scale.
QUERY = sql.SQL(
    """
    select measured.*, inputs.source_name, measured.table_name || '.score' as place
    from ({parts}) as measured
    cross join inputs
    """
)


def suite() -> ExpectationSuite:
    """Return what is expected of scores."""
    return ExpectationSuite("scales", expectations=[warning("scale", _SCALE)])


_SCALE = """
select
    place,
    format(
        'Of the %s %s answers of %s from source %s%s on a scale up to %s, the highest is %s',
        to_char(answers, 'FM999,999,999,990'), kind, table_name, source_name,
        coalesce(' (' || nullif(section, '') || ')', ''), scale_max, trim_scale(highest)
    ) as observed,
    'on this scale some answers are expected to lie in its upper half, and none beyond it'
    as expected,
    'set scale_max in the source''s mapping to the best answer that could be given'
    || case
        when table_name = 'survey_responses'
            then ': no net promoter score is made of another scale than 0 to 10'
        else ''
    end as remedy
from {batch}
where is_doubtful
order by place, section, kind, scale_max
"""
