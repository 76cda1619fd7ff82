"""What could go wrong between concord.toml and the settings: each fault named, none alone."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboards.scorecard import definition
from orchestration.layout import layout
from orchestration.settings import ConfigurationError, Settings, load_settings

MINIMAL = """
[company]
name = "Acme"
"""


def settings_of(folder: Path, text: str, **environment: str) -> Settings:
    file = folder / "concord.toml"
    file.write_text(text)
    return load_settings(file, folder / "work", environment)


def faults_of(folder: Path, text: str, **environment: str) -> list[str]:
    with pytest.raises(ConfigurationError) as raised:
        settings_of(folder, text, **environment)
    return [str(fault) for fault in raised.value.faults]


def test_a_name_is_all_that_a_company_needs(tmp_path: Path):
    settings = settings_of(tmp_path, MINIMAL)
    assert settings.company.currency == "EUR"
    assert settings.configuration.metrics.activity_window_days == 365
    assert settings.base_dir == tmp_path
    assert settings.database_url is None


def test_every_fault_is_named_at_once_with_file_and_key(tmp_path: Path):
    faults = faults_of(
        tmp_path,
        """
        [company]
        name = "Acme"
        currency = "euro"
        time_zone = "Berlin"
        langages = ["en"]
        [metrics]
        activity_window_days = 0
        [[targets]]
        metric_id = "nps"
        valid_from = 2026-01-01
        marketing_owner = "Ada"
        [sources.social]
        kind = "mastodon"
        access_token = "${NO_SUCH_TOKEN}"
        """,
    )
    for key in (
        "company.currency",
        "company.time_zone",
        "company.langages",
        "metrics.activity_window_days",
        "targets[0].service_owner",
        "sources.social.access_token",
    ):
        assert any(fault.startswith(f"concord.toml: {key}: ") for fault in faults), key
    assert len(faults) == 6


@pytest.mark.parametrize(
    ("text", "words"),
    [("[company", "no valid TOML"), (b"\xff\xfe", "can't be read")],
)
def test_a_file_that_is_no_toml_is_said_to_be_none(tmp_path: Path, text: str | bytes, words: str):
    file = tmp_path / "concord.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigurationError, match=words):
        load_settings(file, tmp_path, {})


def test_a_file_that_begins_with_a_byte_order_mark_is_read(tmp_path: Path):
    assert settings_of(tmp_path, "\ufeff" + MINIMAL).company.name == "Acme"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[[sources]]", "sources: is not a table."),
        ("[[sources.shop]]", "sources.shop: is not a table."),
        ("[sources]\nshop = 3", "sources.shop: is not a table."),
        ("[sources]\n'my.shop' = 3", 'sources."my.shop": is not a table.'),
        (
            """[sources."it's_%s_100%"]\nkind = "files\"""",
            """sources."it's_%s_100%": a source can't be called "it's_%s_100%".""",
        ),
        (
            "[sources.a-b]\n[sources.a_b]",
            "sources: 'a-b' and 'a_b' can't be told apart: . and - count as _.",
        ),
        ("[targets]", "targets: is not a list."),
        ("[metrics]\nminimum_n = 'many'", "metrics.minimum_n: is not a whole number."),
        (
            "[gates]\nminimum_volume_share = 2",
            "gates.minimum_volume_share: is too large; 1 at most.",
        ),
        ("[[targets]]\nmetric_id = 3", "targets[0].metric_id: is not a text."),
        ("[[targets]]\nvalue = nan", "targets[0].value: is not a finite number."),
        ("[gates]\nmaximum_jump = inf", "gates.maximum_jump: is not a finite number."),
        (
            "[company.business_hours]\ndays = [1, 8]",
            "company.business_hours.days[1]: is too large; 7",
        ),
        (
            "[persons]\nphone_country = 'Germany'",
            "persons.phone_country: 'Germany' is no country of ISO 3166.",
        ),
        ("[persons]\nrole_mailboxes = ['']", "persons.role_mailboxes[0]: is empty."),
        ("[persons]\nshared_key_limit = 0", "persons.shared_key_limit: is too small; 1 at least"),
        (
            "[sources.shop]\n[sources.ads]\nkeys = 'shp'",
            "sources.ads.keys: there is no source 'shp'. Did you mean shop?",
        ),
        (
            "[sources.shop]\nkeys = { tickets = 'desk' }\n[sources.desk]\n"
            "[sources.csat]\nkeys = { tickets = 'shop' }",
            "sources.csat.keys: shop has the tickets of desk. Name 'desk'",
        ),
        ("[metabase]\nrecipients = { 'No One' = [] }", 'metabase.recipients."No One": there is no'),
    ],
)
def test_faults_name_keys_as_the_file_has_them_in_plain_words(
    tmp_path: Path, text: str, fault: str
):
    faults = faults_of(tmp_path, MINIMAL + text)
    assert any(each.startswith(f"concord.toml: {fault}") for each in faults), faults


def test_role_mailboxes_are_compared_in_small_letters(tmp_path: Path):
    text = MINIMAL + "[persons]\nphone_country = 'DE'\nrole_mailboxes = ['Info']\n"
    persons = settings_of(tmp_path, text).configuration.persons
    assert (persons.phone_country, persons.role_mailboxes) == ("DE", ("info",))


def test_a_secret_that_is_not_set_is_named_in_the_entry_where_it_stands(tmp_path: Path):
    text = (
        '[[sources.social.accounts]]\nhandle = "a"\n[[sources.social.accounts]]\nhandle = "${NOPE}"'
    )
    (fault,) = faults_of(tmp_path, MINIMAL + text)
    assert "sources.social.accounts[1].handle: " in fault


def test_a_missing_file_says_how_to_name_another(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="--config"):
        load_settings(tmp_path / "nowhere.toml", tmp_path, {})


def test_a_secret_comes_from_the_environment_and_stays_out_of_errors(tmp_path: Path):
    text = MINIMAL + '[sources.social]\nkind = "mastodon"\naccess_token = "${TOKEN}"\n'
    settings = settings_of(tmp_path, text, TOKEN="s3cret")
    assert settings.configuration.sources["social"]["access_token"] == "s3cret"
    broken = faults_of(tmp_path, text + "[metrics]\nminimum_n = 0\n", TOKEN="s3cret")
    assert not any("s3cret" in fault for fault in broken)


def test_the_workspace_can_stand_in_a_path(tmp_path: Path):
    text = MINIMAL + '[sources.shop]\nkind = "files"\npath = "${CONCORD_WORKSPACE}/exports"\n'
    path = settings_of(tmp_path, text).configuration.sources["shop"]["path"]
    assert path == f"{tmp_path}/work/exports"


def test_a_workspace_that_dagster_would_write_beside_is_a_fault(tmp_path: Path):
    folder = tmp_path / "really?"
    folder.mkdir()
    (fault,) = faults_of(folder, MINIMAL)
    assert fault.startswith(f"--workspace: {folder / 'work'} has a question mark")


def test_the_clock_of_an_archive_is_its_own(tmp_path: Path):
    settings = settings_of(tmp_path, MINIMAL + "as_of = 2018-01-01T01:00:00+01:00\n")
    assert settings.as_of == datetime(2018, 1, 1, tzinfo=UTC)


def test_a_clock_without_an_offset_is_a_fault(tmp_path: Path):
    assert "company.as_of" in faults_of(tmp_path, MINIMAL + "as_of = 2018-01-01T01:00:00\n")[0]


def test_the_clock_does_not_move_within_a_command(tmp_path: Path):
    settings = settings_of(tmp_path, MINIMAL)
    assert settings.as_of == settings.as_of


def test_hours_that_close_before_they_open_are_a_fault(tmp_path: Path):
    text = MINIMAL + '[company.business_hours]\nstart = "17:00"\nend = "09:00"\n'
    assert "company.business_hours" in faults_of(tmp_path, text)[0]


def test_hours_with_an_offset_are_a_fault(tmp_path: Path):
    text = MINIMAL + '[company.business_hours]\nstart = "09:00+01:00"\n'
    assert (
        "company.business_hours.start: is in the company's time zone"
        in faults_of(tmp_path, text)[0]
    )


def test_an_external_warehouse_is_named_by_the_environment_alone(tmp_path: Path):
    url = "postgresql://concord:secret@127.0.0.1:5432/concord"
    assert settings_of(tmp_path, MINIMAL, CONCORD_DATABASE_URL=url).database_url == url


CARDS = """
[[scorecard.rows]]
title = "Service"
cards = [{ metric = "csat" }, { metric = "nps", title = "NPS", segment = { month_k = 6 } }]
"""


def test_a_companys_own_cards_are_laid_out(tmp_path: Path):
    found = layout(settings_of(tmp_path, MINIMAL + CARDS))
    (row,) = found.rows
    assert [card.metric_id for card in row.cards] == ["csat", "nps"]
    assert (row.cards[1].title, row.cards[1].segment) == ("NPS", ("month_k", "6"))
    assert layout(settings_of(tmp_path, MINIMAL)) == definition.load()


def test_every_fault_of_the_cards_is_named_at_once(tmp_path: Path):
    file = tmp_path / "concord.toml"
    twice = ", ".join(["{ metric = 'nps' }"] * 13)
    file.write_text(
        MINIMAL
        + f"""
        [[scorecard.rows]]
        title = "All of it"
        cards = [{twice}]
        [[scorecard.rows]]
        question = "?"
        cards = []
        [scorecard.north_star]
        metric = "npss"
        titel = "?"
        """
    )
    with pytest.raises(ConfigurationError) as raised:
        load_settings(file, tmp_path / "work", {}, metrics=["nps", "csat"])
    found = "\n".join(str(fault) for fault in raised.value.faults)
    for key in (
        "scorecard.rows[1].title",
        "scorecard.rows[1].cards",
        "scorecard.north_star.metric",
        "scorecard.north_star.titel",
    ):
        assert f"concord.toml: {key}: " in found, found


@pytest.mark.parametrize(
    ("cards", "words"),
    [
        (["nps", "nps"], "nps is there twice"),
        ([f"m{k}" for k in range(13)], "the cards take 5 lines"),
    ],
)
def test_cards_that_dont_fit_are_refused(tmp_path: Path, cards: list[str], words: str):
    listed = ", ".join(f'{{ metric = "{card}" }}' for card in cards)
    text = f'[[scorecard.rows]]\ntitle = "R"\ncards = [{listed}]\n'
    (fault,) = faults_of(tmp_path, MINIMAL + text)
    assert words in fault


def test_the_north_star_is_no_card_as_well(tmp_path: Path):
    star = '[scorecard]\nnorth_star = { metric = "csat" }\n'
    (fault,) = faults_of(tmp_path, MINIMAL + star + CARDS)
    assert "csat is the north star and a card" in fault
