"""What customers and the desk write on tickets: the words of one message at a time.

Sentences belong to `grammar.py`, who writes when to `service.py`.
"""

from collections.abc import Callable

from ingestion.demo import grammar
from ingestion.demo.parameters import TOPICS
from ingestion.demo.service import CUSTOMER, SPAM, Tickets

SPAM_TEXTS = (
    "Cheap followers for your page!!!",
    "You have won, click here now",
    "SEO offer, page one",
)
KIND_SENTIMENT = (
    grammar.NEGATIVE,
    grammar.NEUTRAL,
    grammar.NEUTRAL,
    grammar.POSITIVE,
    grammar.NEUTRAL,
)
# What CUSTOMER, AGENT, BOT and NOTE write after the customer's first word.
LATER: tuple[Callable[[int, int], str], ...] = (
    grammar.write_follow_up,
    grammar.write_reply,
    grammar.write_receipt,
    grammar.write_note,
)


def message_text(tickets: Tickets, ticket: int, author: int, turn: int) -> str:
    """Return the words of a message; some have several lines."""
    about = int(tickets.words[ticket])
    draw = about + 7_919 * turn
    if author != CUSTOMER or turn:
        return LATER[author](draw, about)
    if tickets.fate[ticket] == SPAM:
        return SPAM_TEXTS[draw % len(SPAM_TEXTS)]
    sentiment, topic = KIND_SENTIMENT[tickets.kind[ticket]], TOPICS[tickets.topic[ticket]]
    text = grammar.write(sentiment, topic, draw, about)
    return text.replace(". ", ".\n", 1) if draw % 5 == 0 else text
