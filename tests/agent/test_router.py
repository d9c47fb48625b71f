"""Procedures are chosen by words, and words of many languages mean those of procedures written in English."""
# ruff: noqa: RUF001  # players write in many alphabets

import pytest

from agent.router import Ranked, meant, rank
from tests.desks import shipped_house

REQUEST, REPORT = "bonus-request", "notify-back-office"
REQUESTS = """
Hei, voinko saada bonuksen?|saisinko ilmaiskierroksia?|haluaisin ilmaiskierroksia|kaphatok bónuszt?
Kaphatnék ingyenes pörgetést?|Szeretnék ingyen pörgetéseket|можно мне бонус?|дайте фриспины|можно бесплатные вращения?
ボーナスをもらえますか?|フリースピンをください|無料スピンが欲しい|Kann ich Freispiele bekommen?
Puis-je avoir des tours gratuits ?|¿Puedo recibir un bono?|quiero giros gratis|Posso receber rodadas grátis?
Posso avere giri gratis?|Kan jag få gratissnurr?|Kan jag få bonusen?|Kan ik gratis spins krijgen?
Czy mogę dostać darmowe spiny?|poproszę bonusu|Můžu dostat volné otočky?|bedava dönüş alabilir miyim?
Pot primi rotiri gratuite?|Μπορώ να πάρω μπόνους;|θέλω δωρεάν περιστροφές|Mogu li dobiti besplatne vrtnje?
אפשר לקבל בונוס?|هل يمكنني الحصول على مكافأة؟|보너스 받을 수 있나요?|可以给我奖金吗?|Cho tôi vòng quay miễn phí
"""
REPORTS = """
Mein Bonus ist nicht angekommen|Meine Freispiele fehlen|Bonukseni puuttuu|бонус не пришёл|Мой бонус не начислен
A bónuszom nem érkezett meg|ボーナスが届いていません|Mon bonus n'est pas arrivé|Mi bono no ha llegado
Il mio bonus non è arrivato|Meu bónus não chegou|Min bonus har inte kommit|Mijn bonus is niet aangekomen
"""
NEITHER = """
Hyvää päivää|Jó napot|Здравствуйте|こんにちは|Unohdin salasanani|Elfelejtettem a jelszavam|Я забыл пароль
パスワードを忘れました|Ich habe mein Passwort vergessen|Meine Auszahlung ist nicht angekommen|Деньги не пришли
Onko parkkipaikka ilmainen?|Rahani puuttuvat
"""


def each(table: str) -> list[str]:
    return [text for line in table.strip().splitlines() for text in line.split("|")]


def ranked(text: str) -> Ranked:
    library = shipped_house().procedures
    offered = [one for one in library.published("lucky-spin", "chat") if one.id != library.fallback.id]
    return rank(text, {one.id: (*one.utterances, one.name, one.description) for one in offered})


@pytest.mark.parametrize("text", each(REQUESTS))
def test_a_request_is_one_in_every_language(text: str) -> None:
    assert ranked(text).ids[:1] == (REQUEST,)


@pytest.mark.parametrize("text", each(REPORTS))
def test_a_bonus_that_is_missing_is_reported_and_not_given_once_more(text: str) -> None:
    assert (ranked(text).ids[0], ranked(text).clear) == (REPORT, True)


@pytest.mark.parametrize("text", each(NEITHER))
def test_words_for_other_things_choose_nothing(text: str) -> None:
    assert ranked(text) == Ranked((), clear=False)


def test_english_words_count_as_they_are() -> None:
    said = ["Can I get a bonus?", "My bonuses never arrived", "free spins please", "What is missing from my account?"]
    assert [meant(text) for text in said] == [frozenset()] * 4


def test_words_of_two_languages_mean_what_both_say() -> None:
    assert meant("Meine Freispiele fehlen, mi bono también") == {"free", "spin", "bonu", "missing", "arrived"}
