"""What systems call the contract's entities and columns; names as `named` writes them.

Of several names the first that a file has counts. A plain name, such as "id" or "status", says
little by itself: it counts where the entity is known by the file's name or by its other columns.
"""


def words(listed: str) -> tuple[str, ...]:
    """Return the words of a list with commas."""
    return tuple(listed.split(", "))


# By entity: what files with it are called. The longest word that a file's name has counts.
FILES: dict[str, tuple[str, ...]] = {
    "customers": words("customer, kunde, contact, user, requester, profile, subscriber, member"),
    "orders": words("order, purchase, sale, transaction, bestellung"),
    "order_lines": words("order_line, order_item, line_item, lineitem"),
    "refunds": ("refund",),
    "exchange_rates": words("exchange_rate, fx_rate, currency_rate"),
    "tickets": words("ticket, conversation, case, issue"),
    "ticket_events": words("ticket_event, ticket_history, audit"),
    "messages": words(
        "message, comment, conversation_part, ticket_article, thread_entry, "
        "ticket_conversation, reply"
    ),
    "satisfaction_ratings": words("satisfaction, csat, rating"),
    "survey_responses": words("survey, nps, response"),
    "agents": words("agent, admin, team_admin, operator, staff"),
    "campaigns": ("campaign",),
    "campaign_costs": words("cost, spend, campaign_cost"),
    "ad_days": words("ad_day, ad_report, ads_report, ad_insight, ad_performance, campaign_report"),
    "campaign_touches": words(
        "touch, send, sent_to, recipient, campaign_send, received_email, member_activity, "
        "subscriber_activity, email_activity"
    ),
}

TICKET = words("ticket_id, ticket_number, conversation_id, case_id, issue_id")
CUSTOMER = words(
    "customer_id, customer_no, customer_number, kundennr, kundennummer, "
    "requester_id, contact_id, user_id, profile_id, client_id, "
    "associated_contact_ids, associated_contact_id, source_author_id, customer, "
    "contacts_contacts_id, requester_email, contact_email, customer_email, "
    "from_email, email_address, email"
)
AGENT = words(
    "agent_id, assignee_id, responder_id, admin_assignee_id, owner_id, "
    "hubspot_owner_id, assignee, agent_assigned, ticket_owner, agent, owner"
)
CREATED = words(
    "created_at, created_time, date_created, create_date, createdate, created_date, "
    "creation_date, created, opened_at, opened, submitted_at, angelegt, erstellt_am"
)
UPDATED = words(
    "updated_at, modified_at, last_modified_date, last_update_time, last_updated, updated"
)
CLOSED = words(
    "last_close_at, statistics_last_close_at, close_at, closed_at, stats_closed_at, closed_time, "
    "closed_date, close_date, date_closed"
)
CHANNEL = words("channel, via_channel, via, source_name, source, source_type, origin")
BRAND = words("brand, brand_name, product")
CAMPAIGN = words("campaign_id, campaign, campaign_name, utm_campaign")
NET = ("current_total_price",)
# A row of such a column is something that happened, where another says how it is now.
EVENTS = words("event, event_type, event_name, action, activity_type, metric")
CURRENCY = words("currency, currency_code, presentment_currency")
SPENT_ON = words("date, day, date_day, date_start")
SPENT = words("spend, cost, amount_spent, total_spent, amount")

COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "customers": {
        "customer_id": words(
            "customer_id, customer_no, customer_number, kundennr, kundennummer, "
            "contact_id, profile_id, klaviyo_id, requester_id, user_id, record_id, id, "
            "number, nr, customer, email_address, email"
        ),
        "email": words("email, email_address, e_mail, mail, primary_email"),
        "phone": words(
            "phone, phone_number, telefon, mobile, mobile_phone, mobile_phone_number, work_phone, "
            "telephone, sms_phone_number, default_address_phone"
        ),
        "birth_year": words("birth_year, year_of_birth, born, geburtsjahr"),
        "created_at": CREATED + words("signed_up_at, optin_time, timestamp_signup, customer_since"),
        "is_staff": words("is_staff, is_employee, employee, mitarbeiter"),
        "is_test": words("is_test, test_account"),
    },
    "orders": {
        "order_id": words(
            "order_id, order_number, order_name, order, order_no, bestellnummer, "
            "invoice_id, name, "
            "id, number, nr"
        ),
        "customer_id": CUSTOMER,
        "ordered_at": words(
            "ordered_at, order_date, bestelldatum, purchased_at, processed_at, placed_at, "
            "placed, ordered"
        )
        + CREATED
        + words("paid_at, date, day"),
        "gross_amount": words(
            "gross_amount, current_total_price, total_price, order_total, total_amount, "
            "grand_total, total, amount, revenue, summe, betrag"
        ),
        "refunded_amount": words(
            "refunded_amount, total_refunded, amount_refunded, returned_value"
        ),
        "margin_amount": words("margin_amount, gross_margin, margin, profit"),
        "currency": CURRENCY,
        "status": words("financial_status, order_status, status, state"),
        "channel": CHANNEL,
        "brand": BRAND,
        "campaign_id": CAMPAIGN,
        "promised_at": words(
            "promised_at, promised_date, promised_delivery_date, estimated_delivery_at, "
            "estimated_delivery_date, order_estimated_delivery_date, expected_delivery_date, "
            "promised"
        ),
        "delivered_at": words(
            "delivered_at, delivered_on, delivered_date, actual_delivery_date, "
            "order_delivered_customer_date, delivered"
        ),
        "referrer_customer_id": words("referrer_customer_id, referrer_id, referred_by, invited_by"),
    },
    "refunds": {
        "refund_id": words("refund_id, id, number"),
        "order_id": words("order_id, order_number, order_name, order"),
        "refunded_at": words("refunded_at, refund_date, processed_at") + CREATED + words("date"),
        "amount": words("refunded_amount, refund_amount, amount, total"),
        "currency": CURRENCY,
    },
    "order_lines": {
        "order_id": words("order_id, order_number, order_name, order, invoice_id"),
        "line_id": words("line_id, line_item_id, order_line_id, line, id"),
        "product_id": words("product_id, sku, variant_id, product, lineitem_sku, title"),
        "product_name": words("product_name, product_title, lineitem_name"),
        "quantity": words("quantity, qty, pieces"),
        "amount": words("amount, line_total, total, line_amount"),
    },
    "exchange_rates": {
        "currency": CURRENCY,
        "rate_date": words("rate_date, date, day"),
        "rate": words("rate, exchange_rate"),
    },
    "tickets": {
        "ticket_id": TICKET + words("id, number, nr"),
        "customer_id": CUSTOMER,
        "created_at": CREATED,
        "solved_at": words(
            "solved_at, metric_set_solved_at, resolved_at, stats_resolved_at, resolved_time, "
            "resolution_date"
        )
        + CLOSED,
        "status": words("status, ticket_status, current_status, state, hs_pipeline_stage"),
        "kind": words("ticket_type, type, kind"),
        "channel": CHANNEL,
        "brand": BRAND,
        "topic": words(
            "topic, help_topic, category, ticket_category, hs_ticket_category, reason, "
            "group, department"
        ),
        "agent_id": AGENT,
        "priority": words("priority, priority_name, hs_ticket_priority"),
        "first_reply_due_at": words("first_reply_due_at, fr_due_by, first_response_due_at"),
        "solve_due_at": words("solve_due_at, due_by_time, due_by, sla_due_date"),
    },
    "ticket_events": {
        "event_id": words("event_id, part_id, id"),
        "ticket_id": TICKET,
        "event_type": words("event_type, part_type, event"),
        "occurred_at": words("occurred_at") + CREATED + words("timestamp"),
        "agent_id": AGENT,
    },
    "messages": {
        "message_id": words("message_id, comment_id, part_id, article_id, id"),
        "ticket_id": (*TICKET, "ticket"),
        "sent_at": words("sent_at, sent") + CREATED + words("timestamp"),
        "direction": words(
            "direction, incoming, inbound, author_type, sender_type, sender, author_role"
        ),
        "author_kind": words("author_type, sender_type, sender, author_role"),
        "author_id": words("author_id, user_id, sender_id, created_by_id"),
        "is_internal": words("is_internal, internal, private, is_private, part_type"),
        "text": words("text, body_text, plain_body, body, message, content"),
        "channel": words("channel, via_channel, network, platform"),
        "is_public": ("is_public",),
        "likes": words("likes, like_count, likes_count, favourites_count, reactions"),
        "reposts": words("reposts, repost_count, reposts_count, retweets, reblogs_count, shares"),
        "replies": words("replies, reply_count, replies_count, comment_count, comments_count"),
        "impressions": words("impressions, impression_count, views, view_count, views_count"),
    },
    "satisfaction_ratings": {
        "rating_id": words("rating_id, satisfaction_rating_id, id") + TICKET,
        "ticket_id": TICKET + words("ticket, id"),
        "customer_id": CUSTOMER,
        "rated_at": words(
            "rated_at, conversation_rating_created_at, answered_at, responded_at, "
            "updated_at, last_update_time, solved_at"
        )
        + CREATED,
        "offered_at": words("offered_at, sent_at"),
        "score": words(
            "satisfaction_score, satisfaction_rating_score, csat_score, csat, "
            "conversation_rating_value, conversation_rating_rating, survey_results, score, "
            "rating"
        ),
        "agent_id": AGENT,
    },
    "survey_responses": {
        "response_id": words("response_id, answer_id, id"),
        "customer_id": CUSTOMER,
        "answered_at": words("answered_at, responded_at, submitted_at, submitted")
        + CREATED
        + words("timestamp, date"),
        "score": words("nps_score, nps, likelihood_to_recommend, score, rating"),
        "comment": words("comment, feedback, comments"),
    },
    "agents": {
        "agent_id": words("agent_id, admin_id, user_id, id"),
        "team": words("team, team_name, group, department, team_id, group_id"),
    },
    "campaigns": {
        "campaign_id": words("campaign_id, unique_id, id, campaign"),
        "name": words("campaign_name, name, title, settings_title, subject"),
        "channel": words("channel, campaign_channel, send_channel"),
        "starts_on": words("starts_on, start_date, send_date, send_time, sent_at"),
        "ends_on": words("ends_on, end_date"),
    },
    "campaign_costs": {
        "campaign_id": CAMPAIGN,
        "cost_date": ("cost_date", *SPENT_ON),
        "amount": SPENT,
        "channel": words("channel, platform"),
        "currency": CURRENCY,
    },
    "ad_days": {
        "campaign_id": CAMPAIGN,
        "channel": words("channel, platform, publisher_platform"),
        "ad_date": words("ad_date, by_day, reporting_starts") + SPENT_ON,
        "impressions": words("impressions, impr"),
        "clicks": words("clicks, link_clicks, clicks_all"),
        "reach": words("reach, people_reached"),
        "spend": SPENT,
        "currency": CURRENCY,
    },
    "campaign_touches": {
        "touch_id": words("touch_id, send_id, event_id, message_id, id"),
        "campaign_id": CAMPAIGN,
        "customer_id": CUSTOMER,
        "sent_at": words(
            "sent_at, send_time, sent, datetime, timestamp, created_at_timestamp, date"
        ),
        "channel": ("channel",),
        "status": ("status", *EVENTS),
        "is_control": words("is_control, control_group, in_control_group, holdout, is_holdout"),
        "is_unsubscribed": words("is_unsubscribed, unsubscribed, opted_out, left_list"),
    },
}

# Columns that are told by their values where no name tells them: each value matches.
BY_VALUES: dict[str, dict[str, str]] = {
    "customers": {"email": r"^[^@\s]+@[^@\s]+\.[^@\s]+$"},
    "orders": {"channel": "(?i)^(web|online|online store|store|pos|app|phone|marketplace)$"},
    "tickets": {"channel": "(?i)^(e-?mail|mail|chat|phone|web|web form|form|portal|api)$"},
}
# Flags of rows that are not meant to count.
LEFT_OUT = words("test, spam, deleted, is_deleted, fivetran_deleted, archived")
# When an order was cancelled, whatever is said of its payment.
CANCELLED = words("cancelled_at, canceled_at, date_cancelled, cancelled_date")
# Names that many kinds of rows have.
PLAIN = frozenset(
    words(
        "id, number, nr, name, title, date, day, score, rating, amount, total, type, "
        "status, state, source, channel, group, email, email_address, phone, body, text, "
        "content, customer, owner, user_id, timestamp, datetime, currency, product, private"
    )
    + CREATED
    + UPDATED
)
# At least one of them has to be there, unless the file is called so.
TELLING: dict[str, tuple[str, ...]] = {
    "customers": words("email, phone"),
    "agents": (),
    "tickets": words("solved_at, status, topic, agent_id"),
    "campaigns": (),
    "satisfaction_ratings": ("score",),
    "refunds": (),
    "campaign_touches": words("touch_id, status"),
    "ad_days": words("impressions, clicks, reach"),
}
# Entities that are found beside another one in the same rows.
BESIDE = words("satisfaction_ratings, ticket_events")


def is_known(entity: str, name: str) -> bool:
    """Return whether a name tells the entity by itself."""
    return name not in PLAIN and any(name in names for names in COLUMNS[entity].values())
