"""The players a new database starts with: 48 of them, over two brands, kept in `world/*.json`.

Each file is a world document (`templates`, `players`), the shape that recorded worlds use as well. Times are fixed:
the newest deposits are of November 2026. The first players are worth remembering:

===== ============== ============= ===================================================================
id    first name     brand         what is special
===== ============== ============= ===================================================================
P1001 Anna Keller    lucky-spin    VIP, positive ngr, anna.keller@example.com, born 1990-04-12: qualifies
P1002 Ben Hartley    lucky-spin    regular, negative ngr: does not qualify
P1003 Carla Moretti  lucky-spin    self-excluded, would qualify otherwise: vetoed
P1004 Dario Vukić    lucky-spin    regular, last deposit 900: high depositor
P1005 Eva Lindqvist  royal-harbour regular, loyal, positive ngr: qualifies for cash
P1006 Finn O'Brien   lucky-spin    new, no deposit yet: `last_deposit` is null
P1007 Greta Sommer   lucky-spin    cooling off
P1008 Hugo Almeida   lucky-spin    closed for responsible-gaming reasons
P1009 Ingrid Østby   lucky-spin    whale, platinum, does not want bonuses
P1010 Jamal Haddad   lucky-spin    tagged `abuser`
P1011 Klara Novák    lucky-spin    tagged `restricted`
P1012 Liam Fraser    lucky-spin    blocked
P1013 Mia Dupont     lucky-spin    anti-money-laundering hold
P1014 Noah Jansen    lucky-spin    under age
P1015 Olga Petrova   lucky-spin    identity check pending
P1016 Paul Weber     lucky-spin    plus sign in the e-mail address; born on the same day as P1001
P1017 Quentin        lucky-spin    `ngr` is absent, no phone
P1018 Rosa Jiménez   lucky-spin    `kpi` is null
P1019 Søren Ærø      lucky-spin    a bonus is active
P1030 דניאל          royal-harbour right-to-left name
P1042 Oliver Smith   royal-harbour same name as P1041, another address, born a day later
P1043 Petra          royal-harbour strong signs of harm
P1044 Rui Tavares    royal-harbour the platform does not say whether they are self-excluded
P1045 Sinéad         royal-harbour the platform does not say whether they are blocked
P1046 Thị Hồng       royal-harbour tags and restrictions are absent
P1047 Anna Keller    royal-harbour the address and birthday of P1001, another brand
P1048 Viktor Đurić   royal-harbour no date of birth
===== ============== ============= ===================================================================
"""

from pathlib import Path

from app.backoffice.exact import Json, parse_object

WORLD = Path(__file__).parent / "world"
BRANDS = ("lucky-spin", "royal-harbour")


def seed_world() -> dict[str, Json]:
    """Return the seed as one world document: `{"templates": {brand: [name]}, "players": [...]}`."""
    templates: dict[str, Json] = {}
    players: list[Json] = []
    for brand in BRANDS:
        world = parse_object((WORLD / f"{brand}.json").read_text(encoding="utf-8"))
        brand_templates, brand_players = world["templates"], world["players"]
        if isinstance(brand_templates, dict) and isinstance(brand_players, list):
            templates.update(brand_templates)
            players.extend(brand_players)
    return {"templates": templates, "players": players}
