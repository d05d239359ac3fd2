"""A small collection written for these tests: things to hear and things to buy."""

# ruff: noqa: E501 (one line an item reads best)

from __future__ import annotations

from search_index import BooleanField, Chunk, DateField, Document, KeywordField, NumberField, Schema, TextField

SCHEMA = Schema(
    "things",
    {
        "title": TextField(weight=3.0, sound=True),
        "description": TextField(),
        "maker": KeywordField(weight=1.0, sound=True),
        "kind": KeywordField(),
        "tags": KeywordField(many=True),
        "popularity": NumberField(),
        "price": NumberField(),
        "published": DateField(),
        "live": BooleanField(),
    },
)

_MEDIA = """
talk | Black holes explained | What is left when a massive star collapses under its own weight | Mara Lindqvist | space,physics | 900 | 2021-03-01
talk | The quiet life of bees | How a hive decides where to live next | Tomas Oyelaran | nature | 310 | 2020-06-12
talk | Why bridges fall down | Lessons engineers learned from famous failures | Ines Carvalho | engineering | 120 | 2019-11-30
talk | Teaching machines to listen | Speech recognition from first principles | Mara Lindqvist | computing | 450 | 2022-02-14
talk | Reading old handwriting | Deciphering letters kept in village archives | Petra Novak | history | 40 | 2018-05-20
podcast | Midnight kitchen | Two cooks argue about dinner | Joel Abara | food,humour | 800 | 2023-01-05
podcast | Slow rivers | Travelling by canoe through northern forests | Hanna Virtanen | nature,travel | 220 | 2022-08-19
podcast | Money without tears | Saving, debt and pensions in plain words | Ravi Menon | finance | 640 | 2023-04-02
podcast | The sleep hour | Calm stories to help you drift off at night | Elsie Brand | sleep,stories | 1500 | 2021-10-10
podcast | Corner shop football | Supporters talk about the weekend's matches | Joel Abara | sport | 530 | 2023-09-09
audiobook | The lighthouse keeper's daughter | A family secret comes ashore after a storm | Gwen Pascoe | novel | 410 | 2017-04-04
audiobook | A winter among wolves | A biologist lives a season with a wild pack | Sven Aaltonen | nature | 260 | 2016-01-15
audiobook | Short tales for long drives | Twenty funny stories for the road | Elsie Brand | stories,humour | 700 | 2019-07-07
concert | Cello suites by candlelight | Solo strings recorded in an old chapel | Anouk Delacroix | classical | 380 | 2020-12-24
concert | Brass on the harbour | A brass band plays sea songs at dusk | Port Ellery Band | brass,live | 95 | 2022-07-01
concert | Night train jazz | A trio improvises until morning | Leroy Castellan | jazz | 610 | 2023-03-18
concert | Thunder over the valley | Loud guitars and louder drums | Iron Marmots | rock,live | 990 | 2023-06-21
lesson | Guitar chords for beginners | Your first four chords and a song | Nadia Flores | music | 1200 | 2021-01-20
lesson | Spanish in ten minutes | Everyday phrases for travellers | Nadia Flores | language,travel | 870 | 2022-05-05
lesson | Baking bread at home | Flour, water, patience: a first sourdough | Joel Abara | food | 560 | 2020-04-11
"""

_GOODS = """
headphones | Whisper 300 headphones | Wireless over-ear headphones that cancel noise | Auralis | audio,wireless | 77 | 149
headphones | Whisper Mini earbuds | Tiny in-ear buds for running | Auralis | audio,wireless,sport | 64 | 79.5
speaker | Hearth smart speaker | A loudspeaker for the kitchen that answers questions | Tonkraft | audio | 88 | 99
speaker | Pebble travel speaker | Waterproof, fits into a pocket | Tonkraft | audio,travel | 51 | 35
kettle | Swan electric kettle | Boils a litre of water in three minutes | Bramble & Sons | kitchen | 70 | 29.9
kettle | Heron gooseneck kettle | Slow, exact pouring for coffee | Bramble & Sons | kitchen,coffee | 33 | 64
grinder | Millstone coffee grinder | Ceramic burrs, forty steps from fine to coarse | Bramble & Sons | kitchen,coffee | 45 | 119
lamp | Aurora bedside lamp | Warm dimmable light for reading in bed | Lumenfold | home | 39 | 45
lamp | Study lamp 12 | Bright white light for desks | Lumenfold | home,office | 22 | 59
chair | Oslo office chair | Supports the lower back during long days | Sitwell | office | 58 | 289
desk | Standing desk 140 | Height adjustable table with an oak top | Sitwell | office | 61 | 499
backpack | Ridge 40 rucksack | Forty litres, rain cover included | Fernweh | travel,outdoor | 49 | 120
tent | Larch two-person tent | Stands in storms, weighs two kilos | Fernweh | outdoor | 36 | 310
bottle | Glacier steel bottle | Keeps drinks cold for a day | Fernweh | outdoor,sport | 83 | 24
shoes | Marten trail shoes | Grip on wet rock, light on the path | Vialta | sport,outdoor | 72 | 135
shoes | Sparrow running shoes | Cushioned soles for road runners | Vialta | sport | 90 | 110
blanket | Heavy wool blanket | Woven from undyed sheep's wool | Lumenfold | home,sleep | 28 | 89
phone | Nimbus X2 phone | Two days of battery and a bright screen | Tesselar | electronics | 95 | 599
laptop | Quill 14 notebook computer | Light laptop for students and writers | Tesselar | electronics,office | 81 | 949
camera | Kestrel compact camera | Sharp pictures in dim light | Tesselar | electronics | 42 | 389
"""

_SPOKEN = {
    "m1": (
        "Good evening, and thank you for coming to the observatory tonight.",
        "Past the event horizon nothing returns, not even light.",
        "Stephen Hawking showed that they slowly evaporate by radiation.",
        "Are there questions from the audience?",
    ),
    "m4": (
        "We begin with a microphone and a wave of air pressure.",
        "A spectrogram paints frequency against time.",
        "Beam search keeps only the most likely transcripts.",
    ),
    "m20": (
        "Feed your starter the evening before.",
        "Knead until the dough no longer sticks to your hands.",
        "Bake in a closed iron pot so that steam keeps the crust soft.",
    ),
}
SECONDS = 30_000
"""Milliseconds of one spoken chunk."""


def _documents() -> list[Document]:
    documents = []
    for number, line in enumerate(_MEDIA.strip().splitlines(), start=1):
        kind, title, description, maker, tags, popularity, published = (part.strip() for part in line.split("|"))
        spoken = _SPOKEN.get(f"m{number}", ())
        chunks = tuple(Chunk(text, place * SECONDS, (place + 1) * SECONDS) for place, text in enumerate(spoken))
        values = {
            "title": title, "description": description, "maker": maker, "kind": kind, "tags": tags.split(","),
            "popularity": int(popularity), "published": published, "live": "live" in tags.split(","),
        }  # fmt: skip
        documents.append(Document(f"m{number}", values, chunks))
    for number, line in enumerate(_GOODS.strip().splitlines(), start=1):
        kind, title, description, maker, tags, popularity, price = (part.strip() for part in line.split("|"))
        values = {
            "title": title, "description": description, "maker": maker, "kind": kind, "tags": tags.split(","),
            "popularity": int(popularity), "price": float(price),
        }  # fmt: skip
        documents.append(Document(f"p{number}", values))
    return documents


DOCUMENTS = _documents()
