"""Which shape a product is drawn in, by the words of its title and then of its categories."""

from __future__ import annotations

import re

_TABLE = """
airfryer: air fryer
powerbank: power bank
purifier: air quality|alarm
saucepan: milk pan|saucepan
spoons: spoon|spork|spatula|rolling pin|tongs|garlic
basket: basket
seeds: sweet pea|sunflower|meadow mix|tomato|basil|lettuce|chilli(?=$)
bulbs: tulip|crocus
wateringcan: watering can
spray: mister|room spray
reed: diffuser
terrarium: terrarium
sack: soil
meter: moisture meter
bulb: smart bulb|grow light
strip: light strip
lights: string lights
carrier: child seat
mat2: bath mat|baking mat
mat: mat$|mattress
bed: duvet|sheet
robe: bathrobe
towels: towel|pillowcase
apron: apron
cushion: cushion|pillow
throw: throw|blanket|rug
gloves: gloves?|mitts?|mittens?
sock: socks?|linersock|sure step
cap: cap$|headband
sunhat: sun hat|sou'wester
beanie: beanie|hat
sleepingbag: sleeping bag|down bag|quilt|liner$|camp bag|wide bag|kids bag|ultralight bag|expedition bag
belltent: bell tent
tent: tent|shelter|dome
vest: down vest|pile vest|quilted shirt
coat: coat|parka|shearling
puffer: puffer|down jacket|quilted|insulated|emberline|ptarmigan|expedition jacket|ember light
fleece: fleece|half-zip|cardigan|pullover|pile|runner hoody
tee: tee$
trousers: trousers|pants|leggings|tights|bottoms
shorts: shorts
shirt: crew|long sleeve|zip top|set top|thermal top|henley
jacket: jacket|shell|cagoule|anorak|smock|raincoat
boots: boots
shoe: shoes|beckrunner
headset: headset
headphones: headphones|over-ear
earphones: earphones
earbuds: earbuds|buds
soundbar: soundbar
radio: radio
portable: boulder
speaker: speakers?
ereader: leaf reader|leaf note
tablet: pad \\d+|tab|tab \\d+
band: stride band
ring: ring$
chestband: chest strap
watch: watch
instant: instant camera
actioncam: action cam|360 cam|birdbox
securitycam: garden camera|doorbell
camera: camera|compact|zoom$|tough|lumora
monitor: monitor|ultrawide
mouse: mouse|trackball
keyboard: keyboard|desk set
laptop: laptop|workbook|fieldbook|pocketbook|schoolbook|homebook|studio|convertible|aerie
phone: phone|oriel|pebble 3|kite|fold one
robot: robot
dial: thermostat|valve
travelplug: travel adapter
plug: smart plug
solar: solar
pad: charging pad|three-in-one
cable: cable
charger: charger
backpack: backpack|pack|rucksack|running vest|vest \\d+
bar: bars?$
pouch: curry|pasta pot$|chilli|porridge|chews
box: trail mix|hot chocolate|lunch box|bread bin|tea light box|cutter tin
lantern: lantern|night light
headlamp: headlamp|glowworm|summit 900
torch: torch
stick: walking stick|city stick
poles: poles
axe: hatchet
saw: saw
tool: multi-tool|tool
pocketknife: pocket knife|first knife|galley knife|fixed knife
knifeblock: knife set of five
scissors: scissors|secateurs
stone: whetstone
knife: knife|santoku|paring|slicer|honing
tin: tin$|cloche|pie dish|gratin|muffin tray|muffin cups
waffle: waffle|grill$
whisk: whisk
scale: scale
stickblender: stick blender|milk frother|hand mixer
blender: blender|chopper
mixer: mixer|food processor
toaster: toaster
icebucket: ice cream
coffeemachine: espresso machine|coffee machine
press: press|cold brew|iced tea
moka: moka|grinder
kettle: kettle
teapot: teapot
cup: espresso cup|teacup|filter cone
stove: stove|burner
pan: pan$|skillet|wok|crêpe
pot: casserole|pot 7|cocotte|tagine|rice pot|steamer|fondue|strainer|slow cooker|rice cooker|camp pot set
tumbler: tumblers?|water glasses|beer|shot|double wall
jar: jar
glass: glasses|coupes|carafe
tableware: tableware|dinner plates|bistro plates
plates: plates|platter|cake stand|dish set
bowl: bowl|colander|spinner
mug: mug|travel cup|latte
bottle: bottle|flask|squeeze|liquid plant food
board: board
mortar: mortar
mill: mill$
grater: grater
pendant: pendant
floorlamp: floor lamp|tripod
tablelamp: lamp
tapers: tapers
candle: candle|pillar
stand: plant stand
planter: pot$|planter|trough|saucer
fern: fern
swords: snake plant|dragon tree|zz plant|aloe
palm: palm
tree: olive tree|fig|money plant|jade
flower: orchid|lily|begonia
trailing: pothos|string of|spider plant
cactus: cactus
succulent: succulent|echeveria|haworthia|stones
leafy: monstera|calathea|prayer
seeds: sticks
"""

_RULES = tuple(
    (shape.strip(), re.compile(rf"\b(?:{words.strip()})(?:s?\b|$)"))
    for shape, words in (line.split(":", 1) for line in _TABLE.strip().splitlines())
)

_CATEGORIES = {
    "Clothing": "jacket", "Jackets": "jacket", "Footwear": "boots", "Gear": "backpack", "Trail food": "pouch",
    "Camp kitchen": "pot", "Bottles and flasks": "bottle", "Kitchen": "pot", "Cookware": "pot", "Baking": "tin",
    "Table": "plates", "Textiles": "throw", "Home": "tablelamp", "Computers": "laptop", "Phones": "phone",
    "Audio": "speaker", "Cameras": "camera", "Accessories": "charger", "Smart home": "plug", "Wearables": "watch",
    "Plants": "leafy", "Pots and tools": "planter", "Seeds and bulbs": "seeds",
}  # fmt: skip

BOOK = "book"
_BOOKS = {"Fiction", "Nonfiction", "Children", "Cookbooks"}


def kind_of(title: str, categories: tuple[str, ...]) -> str:
    """The name of a shape, or `BOOK`; "box" for what nobody knows."""
    if _BOOKS & set(categories):
        return BOOK
    words = title.lower()
    for shape, pattern in _RULES:
        if pattern.search(words):
            return shape
    for category in reversed(categories):
        if category in _CATEGORIES:
            return _CATEGORIES[category]
    return "box"


SHAPES = frozenset(shape for shape, _ in _RULES) | set(_CATEGORIES.values()) | {"box"}
"""Every shape that a product may have, a file of `shapes/` each."""
