{#-
    Make what dbt reads but other steps write, so that every model builds on an empty warehouse.

    intermediate.touched_months remembers the months of rows that a build replaced: a row may
    have moved to another month, and the old one has to be computed again too.
-#}
{%- macro create_bookkeeping() -%}
create schema if not exists staging;
create schema if not exists intermediate;
create schema if not exists marts;
create schema if not exists analytics;
create table if not exists analytics.text_scores (
    text_hash text not null,
    engine text not null,
    engine_version text not null,
    language text,
    sentiment numeric,
    label text,
    scored_at timestamptz not null,
    primary key (text_hash, engine, engine_version)
);
create table if not exists intermediate.touched_months (
    area text not null,
    period_start date not null,
    build_since timestamptz not null
);
{%- endmacro -%}
