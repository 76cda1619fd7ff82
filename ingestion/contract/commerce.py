"""Who buys, and what: the shop's entities."""

from ingestion.contract.shapes import Column, Entity, Type, amount, date, flag, key, text, time

ENTITIES = (
    Entity(
        "customers",
        "one row per customer record of a source",
        ("customer_id",),
        (
            key("customer_id", "The source's own id of the customer"),
            text("email", "E-mail address, or its hash; used only to recognise the person"),
            text("phone", "Phone number as it is written, or its hash; used for the same alone"),
            # No maximum: this year's would be wrong next year.
            Column("birth_year", Type.INTEGER, "Year of birth", minimum=1900),
            text("generation", "Generation or age band, where the source has no year of birth"),
            time("created_at", "When the source first knew the customer"),
            flag("is_staff", "An employee's record: excluded from every metric", is_decisive=True),
            flag("is_test", "A test record: excluded from every metric", is_decisive=True),
        ),
    ),
    Entity(
        "customer_identities",
        "one row per identifier of a customer record",
        ("customer_id", "identity_type", "identity_value"),
        (
            key("customer_id", "The source's own id of the customer"),
            text(
                "identity_type",
                "Kind of identifier: email, phone, a network's name for a handle on it, or the "
                "name of another source for the customer's id there",
                required=True,
            ),
            text("identity_value", "The identifier itself", required=True),
        ),
        set_key=("customer_id", "identity_type"),
    ),
    Entity(
        "orders",
        "one row per order",
        ("order_id",),
        (
            key("order_id", "The source's own id of the order"),
            text("customer_id", "Who ordered; empty for a guest"),
            time("ordered_at", "When the order was placed", required=True),
            amount(
                "gross_amount",
                "Paid amount before refunds; below 0 for a return, which is no purchase",
                required=True,
            ),
            amount(
                "refunded_amount",
                "Refunded so far, as a positive number; refunds may also come as rows of their own",
                minimum=0,
                is_filled_later=True,
                is_decisive=True,
            ),
            amount("margin_amount", "Gross margin of the order before refunds"),
            text("currency", "ISO 4217; empty means the company's currency"),
            text(
                "status",
                "What became of it; cancelled and test orders count nowhere",
                values=("completed", "cancelled", "refunded", "test"),
                is_decisive=True,
            ),
            time(
                "promised_at",
                "By when its delivery was promised",
                is_occasional=True,
                is_planned=True,
            ),
            time(
                "delivered_at",
                "When it was delivered; empty until then",
                is_occasional=True,
                is_filled_later=True,
            ),
            text("channel", "Where it was sold: web, store, app, phone"),
            text("brand", "The brand that sold it"),
            text(
                "campaign_id",
                "The campaign whose coupon, code or link the order carries",
                is_occasional=True,
            ),
            text(
                "referrer_customer_id", "The customer who referred this buyer", is_occasional=True
            ),
        ),
        event_time="ordered_at",
        income="gross_amount",
    ),
    Entity(
        "refunds",
        "one row per refund of an order",
        ("refund_id",),
        (
            key("refund_id", "The source's own id of the refund"),
            text("order_id", "The order", required=True),
            time("refunded_at", "When the money went back", required=True),
            amount("amount", "What went back, as a positive number", required=True, minimum=0),
            text("currency", "ISO 4217; empty means the order's currency"),
        ),
        event_time="refunded_at",
    ),
    Entity(
        "order_lines",
        "one row per line of an order",
        ("order_id", "line_id"),
        (
            key("order_id", "The order"),
            key("line_id", "The line within the order"),
            text("product_id", "What was sold"),
            text("product_name", "What people call it: a crisis is searched for its words"),
            Column("quantity", Type.DECIMAL, "Pieces; negative for a return", unit="pieces"),
            amount("amount", "Amount of the line; negative for a return"),
        ),
    ),
    Entity(
        "exchange_rates",
        "one row per currency and day",
        ("currency", "rate_date"),
        (
            key("currency", "ISO 4217"),
            date("rate_date", "The day", required=True),
            Column(
                "rate",
                Type.DECIMAL,
                "Company currency for one unit of this currency",
                required=True,
                unit="ratio",
                above=0,
            ),
        ),
    ),
)
