"""Generated people. Names are drawn from lists, addresses end in `.example` (RFC 2606): nobody is meant."""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from contracts.vocabularies import HEADCOUNTS

GIVEN = (
    "Anaïs",
    "Zaïna",
    "Élodie",
    "Noë",
    "Ibrahim",
    "Maëlys",
    "Teva",
    "Poema",
    "Ludovic",
    "Soraya",
    "Jean-Marc",
    "Fatima",
    "Hugo",
    "Aïcha",
    "Clément",
    "Manon",
    "Yannick",
    "Vaimiti",
    "Sébastien",
    "Djamila",
    "Léo",
    "Marie-Ange",
    "Nassim",
    "Océane",
    "Thierry",
)
FAMILY = (
    "Abdallah",
    "Payet",
    "Lefèvre",
    "Hoarau",
    "Nguyễn",
    "Le Goff",
    "Tamatoa",
    "Saïd",
    "d’Almeida",
    "Müller",
    "Bénard",
    "Kanté",
    "Robert",
    "Attoumani",
    "Grondin",
    "O’Connor",
    "Wamytan",
    "Faivre",
    "Madi",
    "Étienne",
    "Rakoto",
    "Zimmermann",
    "Brûlé",
    "Célestine",
    "Jacq",
)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who does not exist."""

    name: str
    email: str
    headcount: str
    locale: str


def people(count: int, *, seed: str) -> Iterator[DemoPerson]:
    """Yield `count` people, the same ones for the same seed; one in twenty reads English. `seed` is part of their addresses."""
    chance = random.Random(seed)  # noqa: S311 - a demo is to be the same every time
    bands = list(HEADCOUNTS)
    for number in range(1, count + 1):
        given, family = chance.choice(GIVEN), chance.choice(FAMILY)
        yield DemoPerson(
            name=f"{given} {family}",
            email=f"{_plain(given)}.{_plain(family)}.{number}.{seed}@demo.example",
            headcount=chance.choice(bands),
            locale="en" if number % 20 == 0 else "fr",
        )


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "".join(letter for letter in letters if letter.isalpha())
