"""What people write: sentences put together from parts that vary independently.

A text is chosen by one integer (`words`), and the thing that its thread is about by another
(`about`), so the same draws always give the same text. The parts are written so that a careful
reader would call each text negative, neutral or positive without doubt; a test checks that a
lexicon agrees.
"""

from collections.abc import Sequence

NEGATIVE, NEUTRAL, POSITIVE = range(3)

ITEMS = (
    "floor lamp", "bookshelf", "tea set", "wool blanket", "garden bench", "desk chair",
    "storage box", "night light", "camp tent", "door mat", "mirror", "side table", "duvet",
    "watering can", "coat rack", "bunk bed", "rug", "toy chest", "plant stand", "picnic basket",
)  # fmt: skip
SPANS = ("three days", "five days", "a week", "nine days", "two weeks", "almost three weeks")

NEGATIVE_OPENERS = (
    "Seriously,", "So disappointed:", "Not happy at all.", "This is getting ridiculous.",
    "Dear team,", "Third time I ask:", "I am really frustrated.", "Sorry, but", "Unbelievable.",
    "Quick complaint:",
)  # fmt: skip
NEGATIVE_CORES = {
    "delivery": (
        "my {item} is {span} late and nobody tells me anything, awful.",
        "still no {item} after {span}, terrible delivery.",
        "the parcel with my {item} got lost and it is a total failure to get help.",
        "the courier left the {item} in the rain, it is ruined and I am angry.",
        "delivery of the {item} was cancelled again without a word, so annoying.",
    ),
    "product": (
        "the {item} arrived broken and it looks cheap.",
        "the {item} fell apart within {span}, poor quality.",
        "the {item} is a bad joke, scratched and missing two screws.",
        "the {item} smells horrible even after {span}.",
        "the colour of the {item} is wrong and the finish is awful.",
    ),
    "returns": (
        "I sent the {item} back {span} ago and my refund is still missing, that is a shame.",
        "returning the {item} is a terrible nightmare, the label never works.",
        "you refuse my return of the {item}, which is unfair and wrong.",
        "waiting {span} for a refund on the {item}, I feel cheated and angry.",
    ),
    "billing": (
        "I was charged twice for the {item}, what a mess.",
        "the invoice for the {item} is wrong and nobody will fix this mistake.",
        "my voucher failed for the {item} and I paid too much, annoying.",
        "you took the money for the {item} and there is no order, that feels like a scam.",
    ),
    "account": (
        "I am locked out of my account for {span} and the reset fails, terrible.",
        "the app lost my saved {item} and crashes, useless.",
        "someone changed my address and the {item} went to a stranger, very worrying.",
        "login fails every time I try to order a {item}, awful app.",
    ),
    "service outage": (
        "the shop is down, I can't reach my order of the {item}, this is a disaster.",
        "paid for a {item}, then the site failed, and now nobody answers. Terrible.",
        "your outage lost my {item} order, I am angry and there is no word from you.",
        "no app, no site, no phone line for my {item}: what an awful failure.",
        "whole day of errors trying to pay for a {item}. Horrible, and nobody says why.",
    ),
    "campaign": (
        "what an insulting slogan, my home is not a sad place because a {item} lies around.",
        "telling parents they fail because of a mess is disgusting. No {item} from you again.",
        "this ad is offensive and stupid. I hate it, keep your {item}.",
        "shaming families to sell a {item} is horrible.",
        "awful campaign. Ashamed that I own a {item} of yours.",
    ),
    "promise": (
        "in my hands in 2 days? It took {span} for a {item}. That is an awful lie.",
        "2 days, you said. Waiting {span} for the {item}, broken promise, very disappointed.",
        "the 2 day promise is misleading, my {item} needed {span}. Awful.",
    ),
}
NEGATIVE_CLOSERS = (
    "", "", "I want my money back.", "Never again.", "Very disappointing.",
    "What a bad experience.",
    "Is anybody there?", "Still waiting.", "Not good enough.", "I am upset.",
)  # fmt: skip

NEUTRAL_OPENERS = (
    "Hi,", "Hello,", "Question:", "Hello again,", "Hey team,", "Quick question:", "One question,",
    "Does anybody know:", "Asking for my sister:", "Evening,",
)  # fmt: skip
NEUTRAL_CORES = {
    "delivery": (
        "when will the {item} be sent?",
        "do you deliver the {item} to an office address?",
        "can the {item} go to a parcel shop?",
        "which courier brings the {item}?",
    ),
    "product": (
        "how tall is the {item}?",
        "which colours does the {item} come in?",
        "is the {item} made of oak or pine?",
        "will the {item} be in stock in {span}?",
        "does the {item} come with a manual?",
    ),
    "returns": (
        "how many days do I have to send the {item} back?",
        "where do I find the label for the {item}?",
        "can I return the {item} in a store?",
    ),
    "billing": (
        "can I have an invoice for the {item} with our company name?",
        "which day is the money for the {item} taken?",
        "which ways are there to settle the {item} by instalments?",
    ),
    "account": (
        "where do I change the address for the {item}?",
        "how do I move my order of the {item} to another e-mail address?",
        "can two people use one account to order a {item}?",
    ),
    "service outage": (
        "is the shop back, and did my order for the {item} go through?",
        "until when will the site be down? I was about to order a {item}.",
    ),
    "campaign": ("is the {item} from the ad in the stores already?",),
    "promise": ("do the 2 days count for the {item} too?",),
}
NEUTRAL_CLOSERS = (
    "", "", "Order is on the way, I think.", "It is for the weekend.", "Asking before I order.",
    "We live in the north.", "I looked on the page already.", "Second floor, by the way.",
)  # fmt: skip

POSITIVE_OPENERS = (
    "Wow,", "Just have to say:", "Love this!", "Happy customer here:", "Thank you!", "Big thanks,",
    "So pleased:", "Credit where it is due:", "Little story:", "Great news at home:",
)  # fmt: skip
POSITIVE_CORES = (
    "the {item} is beautiful and the quality is great.",
    "my {item} came early and it looks wonderful, I love it.",
    "the new {item} is perfect for our place, excellent work.",
    "best {item} we ever had, and lovely packaging too.",
    "your support was so kind and helpful with my {item}, amazing.",
    "the kids love the {item}, brilliant idea and great value.",
    "we bought a second {item} because the first is so good.",
    "such friendly people on the phone, my {item} was replaced the same day, fantastic.",
    "the {item} is gorgeous and easy to build, very happy with it.",
    "I recommend the {item} to all my friends, superb.",
)
POSITIVE_CLOSERS = (
    "", "", "Highly recommended.", "Thanks a lot!", "You made my day.", "Great job!",
    "Will buy again, happily.", "Well done.", "Five stars from us.", "My favourite shop.",
)  # fmt: skip

GERMAN = (
    ("Der {item} kam kaputt an und niemand antwortet. Sehr ärgerlich!",
     "Seit zwei Wochen warte ich auf meine Bestellung ({item}). Schlechter Service.",
     "Ich bin wirklich enttäuscht, die Lieferung vom {item} ist schon wieder zu spät."),
    ("Wann kommt der {item} wieder ins Lager?",
     "Kann ich den {item} auch in der Filiale abholen?",
     "Gibt es den {item} auch in einer anderen Farbe?"),
    ("Der neue {item} ist wunderschön, ich bin sehr zufrieden!",
     "Danke für die schnelle Hilfe mit dem {item}, super Service!",
     "Der {item} ist klasse und kam sogar früher an. Vielen Dank!"),
)  # fmt: skip
SPANISH = (
    ("El paquete llegó roto y nadie me contesta. Muy mal servicio.",
     "Llevo dos semanas esperando mi pedido y nadie me dice nada."),
    ("¿Cuándo vuelve a estar disponible este producto en la tienda?",
     "¿También hacen envíos a las islas durante el verano?"),
    ("Estoy encantada con mi compra, la calidad es estupenda. ¡Gracias!",
     "Muchas gracias por la ayuda tan rápida, todo llegó perfecto."),
)  # fmt: skip

REPLY_OPENERS = (
    "Hi, thanks for writing to us.", "Hello, thank you for your message.", "Hi there,",
    "Good day,", "Hello,", "Thanks for getting in touch.",
)  # fmt: skip
REPLY_CORES = (
    "I looked up your order of the {item} and will write again today.",
    "please send us the order number of the {item}, then we check it at once.",
    "I have passed this to our warehouse; you get an answer within a day.",
    "we will send a new {item} with tomorrow's parcels.",
    "the {item} leaves the warehouse this evening, the tracking number follows by e-mail.",
    "I have started the refund for the {item}; it takes three working days.",
    "here is the answer of our workshop: the {item} can be ordered in oak and in white.",
    "I changed the address for the {item} as you asked.",
)
REPLY_CLOSERS = ("", "Kind regards, Mia", "Best, Jonas", "Regards, Priya", "Yours, Tomasz", "/Lena")
FOLLOW_UPS = (
    "The order number is {number}.", "It is {number}, ordered for the {item}.",
    "Okay, I will wait for the e-mail about the {item}.", "Any news on the {item}?",
    "The {item} has not moved since yesterday.", "I sent you a photo of the {item} by e-mail.",
    "Received, the {item} is here.", "Could you look at it again? Number {number}.",
)  # fmt: skip
RECEIPT = "We have received your message. Your number is {number}. This mail was sent by a machine."
NOTE = "internal: {item}, asked the warehouse, waiting for their answer ({number})"


class _Draw:
    """Take parts from sequences, one integer's digits after the other."""

    def __init__(self, words: int, about: int):
        self.rest = words * 2_654_435_761 % (1 << 62)
        self.item = ITEMS[about % len(ITEMS)]

    def pick(self, parts: Sequence[str]) -> str:
        self.rest, index = divmod(self.rest, len(parts))
        return parts[index]

    def fill(self, template: str) -> str:
        if "{" not in template:
            return template
        number = f"{self.rest % 900_000 + 100_000}"
        return template.format(item=self.item, span=self.pick(SPANS), number=number)

    def sentence(self, openers, cores, closers) -> str:
        opener, core, closer = self.pick(openers), self.pick(cores), self.pick(closers)
        start = core if opener.endswith((",", ":")) else core[0].upper() + core[1:]
        return " ".join(part for part in (opener, self.fill(start), closer) if part)


def write(sentiment: int, topic: str, words: int, about: int) -> str:
    """Return an English text of a customer about a topic of NEGATIVE_CORES."""
    draw = _Draw(words, about)
    if sentiment == NEGATIVE:
        return draw.sentence(NEGATIVE_OPENERS, NEGATIVE_CORES[topic], NEGATIVE_CLOSERS)
    if sentiment == NEUTRAL:
        return draw.sentence(NEUTRAL_OPENERS, NEUTRAL_CORES[topic], NEUTRAL_CLOSERS)
    return draw.sentence(POSITIVE_OPENERS, POSITIVE_CORES, POSITIVE_CLOSERS)


def write_german(sentiment: int, words: int, about: int) -> str:
    """Return a German text of a customer."""
    return write_from(GERMAN[sentiment], words, about)


def write_spanish(sentiment: int, words: int, about: int) -> str:
    """Return a Spanish text of a customer: a language that the company has not configured."""
    return _Draw(words, about).pick(SPANISH[sentiment])


def write_reply(words: int, about: int) -> str:
    """Return an agent's answer."""
    return _Draw(words, about).sentence(REPLY_OPENERS, REPLY_CORES, REPLY_CLOSERS)


def write_from(templates: Sequence[str], words: int, about: int) -> str:
    """Return one of the templates, filled."""
    draw = _Draw(words, about)
    return draw.fill(draw.pick(templates))


def write_follow_up(words: int, about: int) -> str:
    """Return what a customer writes after the first answer."""
    return write_from(FOLLOW_UPS, words, about)


def write_receipt(words: int, about: int) -> str:
    """Return the automatic receipt of a form."""
    return _Draw(words, about).fill(RECEIPT)


def write_note(words: int, about: int) -> str:
    """Return an internal note, which no customer ever sees."""
    return _Draw(words, about).fill(NOTE)
