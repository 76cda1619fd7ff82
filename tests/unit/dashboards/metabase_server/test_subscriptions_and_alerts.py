"""Mails that somebody waits for must not stop, or never start, without a word."""

import pytest

DAILY = {"channel_type": "email", "schedule_type": "daily", "schedule_hour": 8}
CRON = {"type": "notification-subscription/cron", "cron_schedule": "0 0 8 * * ? *"}
PARAMETER = {"id": "f1", "type": "string/=", "name": "Month", "slug": "month"}


class Board:
    """A dashboard with two cards on it, and a subscription to the first."""

    def __init__(self, hands):
        self.hands = hands
        self.card = hands.card(hands.database())
        self.id = hands.dashboard(parameters=[PARAMETER])
        place = {"size_x": 24, "size_y": 4, "col": 0, "card_id": self.card}
        self.cards = [{**place, "id": -1, "row": 0}, {**place, "id": -2, "row": 4}]
        self.dashcards = self.put(dashcards=self.cards)["dashcards"]

    def put(self, **lists):
        return self.hands.put(f"dashboard/{self.id}", lists).body

    def entry(self, place=0, **changed):
        held = {"id": self.card, "dashboard_card_id": self.dashcards[place]["id"]}
        return {**held, "include_csv": False, "include_xls": False, **changed}

    def pulse(self, **changed):
        body = {"name": "Daily", "cards": [self.entry()], "channels": [{**DAILY}]}
        return {**body, "dashboard_id": self.id, **changed}


@pytest.fixture
def board(hands):
    return Board(hands)


def test_a_subscription_is_found_by_its_dashboard(hands, board):
    made = hands.made("pulse", board.pulse(channels=[{**DAILY, "recipients": [{"id": 1}]}]))
    listed = hands.get("pulse", dashboard_id=board.id).body
    assert listed == [made]
    assert made["channels"][0]["recipients"][0]["email"] == "admin@company.example"
    assert hands.get("pulse", dashboard_id=999).body == []
    assert hands.put(f"pulse/{made['id']}", {"archived": True}).status == 200
    assert hands.get("pulse").body == []
    assert len(hands.get("pulse", archived="true").body) == 1


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"cards": []}, "cards"),
        ({"cards": [{"id": 999, "include_csv": False, "include_xls": False}]}, "cards"),
        ({"cards": "no dashcard"}, "cards"),
        ({"cards": "no flag"}, "cards"),
        ({"channels": []}, "channels"),
        ({"channels": [{**DAILY, "channel_type": "pigeon"}]}, "channels"),
        ({"channels": [{**DAILY, "schedule_type": "yearly"}]}, "channels"),
        ({"channels": [{**DAILY, "schedule_hour": 24}]}, "channels"),
        ({"channels": [{**DAILY, "schedule_hour": None}]}, "channels"),
        ({"channels": [{**DAILY, "schedule_type": "weekly"}]}, "channels"),
        ({"channels": [{**DAILY, "schedule_type": "monthly"}]}, "channels"),
        ({"channels": [{**DAILY, "recipients": [{"id": 99}]}]}, "recipients"),
        ({"parameters": [{"id": "gone"}]}, "parameters"),
    ],
)
def test_a_subscription_that_could_not_be_sent_is_refused(hands, board, changed, key):
    faulty = {"no dashcard": board.entry(dashboard_card_id=1), "no flag": board.entry()}
    faulty["no flag"].pop("include_csv")
    if isinstance(changed.get("cards"), str):
        changed = {"cards": [faulty[changed["cards"]]]}
    reply = hands.post("pulse", board.pulse(**changed))
    assert (reply.status, list(reply.body["errors"])) == (400, [key])
    assert hands.fake.pulses == {}


def test_a_list_that_is_sent_takes_the_place_of_all_before(hands, board):
    two = [board.entry(0), board.entry(1)]
    pulse = hands.made("pulse", board.pulse(cards=two))
    by_hand = {**DAILY, "schedule_hour": 17, "recipients": [{"email": "boss@company.example"}]}
    hands.put(f"pulse/{pulse['id']}", {"channels": [by_hand]})
    hands.put(f"pulse/{pulse['id']}", {"name": "Renamed"})
    held = hands.fake.pulses[pulse["id"]]
    assert [each["schedule_hour"] for each in held["channels"]] == [17]
    assert len(held["cards"]) == 2
    hands.put(f"pulse/{pulse['id']}", {"channels": [DAILY], "cards": [board.entry(1)]})
    assert [each["recipients"] for each in held["channels"]] == [[]]
    assert len(held["cards"]) == 1


def test_a_flag_that_is_not_sent_along_falls_back(hands, board):
    pulse = hands.made("pulse", board.pulse(skip_if_empty=True))["id"]
    after = hands.put(f"pulse/{pulse}", {"name": "Renamed", "archived": True}).body
    assert (after["archived"], after["skip_if_empty"]) == (True, False)
    assert hands.put(f"pulse/{pulse}", {"name": "Again"}).body["archived"] is False


def test_a_parameter_that_goes_takes_its_subscriptions_along(hands, board):
    used = hands.made("pulse", board.pulse(parameters=[{"id": "f1", "value": ["x"]}]))["id"]
    unused = hands.made("pulse", board.pulse())["id"]
    board.put(parameters=[{**PARAMETER, "name": "The month"}])
    assert hands.fake.mails == []
    board.put(parameters=[{**PARAMETER, "id": "f2"}])
    assert hands.fake.pulses[used]["archived"] is True
    assert hands.fake.pulses[unused]["archived"] is False
    assert len(hands.fake.mails) == 1


def test_a_dashcard_that_goes_leaves_the_subscription(hands, board):
    pulse = hands.made("pulse", board.pulse(cards=[board.entry(0), board.entry(1)]))["id"]
    kept = {**board.cards[1], "id": board.dashcards[1]["id"]}
    board.put(dashcards=[kept])
    held = hands.fake.pulses[pulse]["cards"]
    assert [each["dashboard_card_id"] for each in held] == [kept["id"]]


def test_a_mail_that_nobody_sends_is_accepted_and_noted(opened):
    hands = opened(is_email_configured=False)
    board = Board(hands)
    assert hands.get("pulse/form_input").body["channels"]["email"]["configured"] is False
    assert hands.post("pulse", board.pulse()).status == 200
    assert hands.post("notification", alert(board)).status == 200
    assert [each.kind for each in hands.fake.refusals] == ["semantic"] * 2


def alert(board, **changed):
    recipient = {"type": "notification-recipient/user", "user_id": 1}
    body = {
        "payload_type": "notification/card",
        "payload": {"card_id": board.card, "send_condition": "has_result"},
        "subscriptions": [CRON],
        "handlers": [{"channel_type": "channel/email", "recipients": [recipient]}],
    }
    return {**body, **changed}


def test_an_alert_is_found_by_its_card(hands, board):
    made = hands.made("notification", alert(board))
    assert hands.get("notification", card_id=board.card).body == [made]
    assert hands.get("notification", card_id=999).body == []
    assert made["payload"]["card"]["name"] == "A card"
    assert made["handlers"][0]["recipients"][0]["user"]["email"] == "admin@company.example"
    assert hands.fake.refusals == []


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"payload_type": "notification/dashboard"}, "payload_type"),
        ({"payload": {"card_id": 999}}, "card_id"),
        ({"payload": {"card_id": "card", "send_condition": "goal_above"}}, "send_condition"),
        ({"subscriptions": [{**CRON, "cron_schedule": "0 8 * * *"}]}, "cron_schedule"),
        ({"subscriptions": [{**CRON, "cron_schedule": "0 0 8 * * *"}]}, "cron_schedule"),
        ({"handlers": [{"channel_type": "email"}]}, "channel_type"),
        ({"handlers": [{"channel_type": "channel/email", "recipients": [
            {"type": "notification-recipient/user", "user_id": 99}]}]}, "recipients"),
        ({"handlers": [{"channel_type": "channel/email", "recipients": [
            {"type": "notification-recipient/raw-value", "details": {"value": "boss"}}]}]},
         "recipients"),
    ],
)  # fmt: skip
def test_an_alert_that_could_not_be_sent_is_refused(hands, board, changed, key):
    if changed.get("payload", {}).get("card_id") == "card":
        changed = {"payload": {**changed["payload"], "card_id": board.card}}
    reply = hands.post("notification", alert(board, **changed))
    assert (reply.status, list(reply.body["errors"])) == (400, [key])
    assert hands.fake.notifications == {}


def test_a_raw_put_of_an_alert_destroys_what_it_leaves_out(hands, board):
    made = hands.made("notification", alert(board))
    whole = alert(board, subscriptions=[{**CRON, "cron_schedule": "0 0 9 * * ? *"}])
    after = hands.put(f"notification/{made['id']}", whole).body
    assert [each["cron_schedule"] for each in after["subscriptions"]] == ["0 0 9 * * ? *"]
    part = {key: whole[key] for key in ("payload_type", "payload", "subscriptions")}
    after = hands.put(f"notification/{made['id']}", part).body
    assert after["handlers"] == []
    assert [each.kind for each in hands.fake.refusals] == ["semantic"]


def test_a_card_that_goes_to_the_trash_ends_its_alerts(hands, board):
    hands.made("notification", alert(board))
    hands.put(f"card/{board.card}", {"archived": True})
    assert hands.get("notification", card_id=board.card).body == []
    assert len(hands.get("notification", include_inactive="true").body) == 1
    assert len(hands.fake.mails) == 1
