"""Units of measure: how they are written, what they measure, and exact factors between them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

_TABLE = """
mass        mg 1/1000000 milligram · g 1/1000 gram gramme gr · kg 1 kilogram kilo kgs · t 1000 tonne ton · lb \
        45359237/100000000 pound lbs · oz 45359237/1600000000 ounce
length      mm 1/1000 millimeter millimetre · cm 1/100 centimeter centimetre · m 1 meter metre · km 1000 kilometer \
        kilometre · in 254/10000 inch inches · ft 3048/10000 foot feet · mi 1609344/1000 mile · yd 9144/10000 yard
time        ms 1/1000 millisecond msec · s 1 second sec · min 60 minute mins · h 3600 hour hr hrs · d 86400 day · \
        week 604800 wk · month 0 · year 0 yr yrs
volume      ml 1/1000 milliliter millilitre · cl 1/100 centiliter · l 1 liter litre · gal 0 gallon
data        b 1 byte · kb 1000 kilobyte · mb 1000000 megabyte · gb 1000000000 gigabyte · tb 1000000000000 terabyte \
        · kib 1024 · mib 1048576 · gib 1073741824
temperature °c 1 celsius · °f 0 fahrenheit
area        m² 1 m2 sqm · ft² 0 sqft · ha 10000 hectare · acre 0
speed       km/h 1 kmh kph kmph · mph 1609344/1000000
power       w 1 watt · kw 1000 kilowatt · hp 0 horsepower
voltage     v 1 volt
energy      wh 1 · kwh 1000 · kcal 1 calorie calories · kj 0
frequency   hz 1 hertz · khz 1000 · mhz 1000000 · ghz 1000000000
count       piece 1 pcs pc unit · dozen 12
"""

_UNITS: dict[str, tuple[str, str, Fraction]] = {}
for _line in _TABLE.strip().splitlines():
    _dimension, _rest = _line.split(maxsplit=1)
    for _entry in _rest.split("·"):
        _unit, _factor, *_spellings = _entry.split()
        for _spelling in (_unit, *_spellings):
            _UNITS[_spelling] = (_unit, _dimension, Fraction(_factor))

DIMENSIONS: Mapping[str, str] = {
    "weight": "mass", "mass": "mass", "height": "length", "width": "length", "length": "length", "depth": "length",
    "distance": "length", "duration": "time", "volume": "volume", "capacity": "", "temperature": "temperature",
    "speed": "speed", "power": "power", "voltage": "voltage", "size": "", "area": "area", "memory": "data",
    "storage": "data", "ram": "data", "disk": "data", "latency": "time", "calorie": "energy", "calory": "energy",
    "uptime": "time", "elapsed": "time",
}  # fmt: skip
"""Words of field names that want a quantity, and what it measures (empty: anything)."""


def unit_of(word: str) -> str:
    """The unit a word stands for, or nothing."""
    low = word.lower().rstrip(".")
    known = _UNITS.get(low) or (_UNITS.get(low[:-1]) if low.endswith("s") and len(low) > 3 else None)
    return known[0] if known else ""


def dimension_of(unit: str) -> str:
    """What a unit measures."""
    return _UNITS[unit][1] if unit in _UNITS else ""


def convert(amount: float, unit: str, wanted: str) -> float | None:
    """The amount in the wanted unit; None when there is no exact factor between the two."""
    if unit == wanted:
        return amount
    (_, kind, factor), (_, other, target) = (
        _UNITS.get(unit, ("", "", Fraction(0))),
        _UNITS.get(wanted, ("", "-", Fraction(0))),
    )
    if kind != other or not factor or not target:
        return None
    exact = Fraction(str(amount)) * factor / target
    return float(exact)
