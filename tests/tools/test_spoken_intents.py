# ruff: noqa: RUF001  # players write in many alphabets
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.spoken import only_thanks, says_thanks, wants_human, wants_nothing, yes_no

YES = """
yes|Yes please!|yep|YES YES YES|Yes, I do|yes that is me|sure, go ahead|ok|ok thanks|ja|Ja bitte|ja, gerne|sí
si, por favor
Claro que sí|sim|oui|Oui, bien sûr|sì, grazie|ja graag|ja tack|ja tak|kyllä|tak|tak, proszę|ano|evet|da|igen
да, конечно|ναι
👍|yes my email is anna@no-reply.com|Of course!|no problem|why not|yes send it please
"""
NO = """
no|No thanks|no, thank you|nope|nein|nein danke|no gracias|não|não, obrigado|non merci|no grazie|nee bedankt|nej tack
nej tak
nei takk|ei kiitos|nie, dziękuję|ne, děkuji|hayır|nu, mulțumesc|nem köszönöm|нет, спасибо|όχι|👎|No, I never got it
no I don't want it|not now|I don't want it|that's not correct
"""
NEITHER = """
.|yes and no|yes. no.|I have no bonus|no bonus received|maybe|what?|yes?|si no recibo mi bono|yes but not today
I know nothing
I deposited yesterday and I still have no bonus, my friend said yes you get it but no answer came|no recibí mi bono
ja nie dostałem bonusu|My birthday is 12 April 1990|ok, I have a question|nothing|can you say yes
"""
ASKS = """
I want to speak to a human|can I talk to a real person please?|agent|Agent please!|human.|Operator|get me a manager
let me speak with your manager|connect me to a live agent|I need a representative|transfer me to a supervisor now
put me through to a person|Can you escalate this to a manager?|is there a real person I can talk to
talk to a human being
Why can't I talk to a human|I don't want a bot, I want a human|customer service representative please
Ich möchte mit einem Menschen sprechen|Kann ich bitte mit einem Mitarbeiter reden?|einen Menschen bitte
Verbinden Sie mich mit einem Mitarbeiter|Quiero hablar con una persona|necesito un agente|quero falar com um atendente
Quero falar com alguém|Je veux parler à un humain|passez-moi un responsable|un conseiller svp
vorrei parlare con un operatore
Ik wil met een medewerker spreken|Jag vill prata med en människa|jeg vil tale med et menneske
jeg vil snakke med en person
haluan puhua ihmisen kanssa|chcę rozmawiać z człowiekiem|połącz mnie z konsultantem|chci mluvit s člověkem
Müşteri temsilcisiyle görüşmek istiyorum|gerçek bir insanla konuşmak istiyorum|vreau să vorbesc cu un om
egy emberrel szeretnék beszélni|хочу поговорить с оператором|соедините с живым человеком|Позовите менеджера
Θέλω να μιλήσω με έναν άνθρωπο
"""
DOES_NOT_ASK = """
I am a human|it was a human error|I play agent provocateur slot|I want Agent Jane Blonde spins|are you a human?
in person
Am I talking to a human?|I don't want to talk to an agent|your agent told me I would get a bonus|hello|I want my bonus
I already spoke to a manager yesterday|I need human verification?|the manager said yes|I want free spins on Secret Agent
no quiero hablar con un humano|I want to play Agent Royale|Humans are funny|I need the bonus that the agent promised
"""


def each(table: str) -> list[str]:
    return [text for line in table.strip().splitlines() for text in line.split("|")]


@pytest.mark.parametrize("text", each(YES))
def test_a_yes_is_heard(text: str) -> None:
    assert yes_no(text) is True


@pytest.mark.parametrize("text", each(NO))
def test_a_no_is_heard(text: str) -> None:
    assert yes_no(text) is False


@pytest.mark.parametrize("text", ["", *each(NEITHER)])
def test_mixed_words_and_stories_are_neither(text: str) -> None:
    assert yes_no(text) is None


@pytest.mark.parametrize("text", each(ASKS))
def test_asking_for_a_person_is_heard(text: str) -> None:
    assert wants_human(text)


@pytest.mark.parametrize("text", each(DOES_NOT_ASK))
def test_being_naming_or_refusing_a_person_is_not_asking_for_one(text: str) -> None:
    assert not wants_human(text)


@pytest.mark.parametrize(
    "text", ["thanks", "Thank you so much!", "danke", "merci beaucoup", "mange tak", "спасибо", "no thanks"]
)
def test_thanks_are_heard(text: str) -> None:
    assert says_thanks(text)


@pytest.mark.parametrize("text", ["", "thanks for nothing", "no thanks to you", "tyrant", "danke für nichts"])
def test_sarcasm_is_no_thanks(text: str) -> None:
    assert not says_thanks(text)


@given(st.text())
def test_no_text_breaks_the_reading_of_intents(text: str) -> None:
    assert yes_no(text) in {True, False, None}
    assert wants_human(text) in {True, False}
    assert says_thanks(text) in {True, False}


@pytest.mark.parametrize("text", ["Thanks!", "Danke schön", "No, thank you very much!"])
def test_thanks_alone_ask_for_nothing(text: str) -> None:
    assert only_thanks(text)


@pytest.mark.parametrize(
    "text", ["Danke! And one more bonus please, for my wife", "Thanks, but when?", "Give it to me"]
)
def test_thanks_beside_a_wish_are_not_all(text: str) -> None:
    assert not only_thanks(text)


NOTHING = """
Hello|hi!|Hello, is anybody there?|Hey there, how are you?|Good morning.|Guten Tag!|Bonjour, ça va ?|Hola, buenas tardes
Dobar dan|Привет!|こんにちは|Hei|No.|no thanks|Nein, danke.|Thank you, goodbye!|bye bye|Tschüss, schönen Tag noch|...|👋
Hello again|Good evening, sir|Hallo zusammen
"""
SOMETHING = """
I forgot my password|Hello, I forgot my password|Can you reset my password or not?|yes|Hi, can I get a bonus?
no, my password|Where is my withdrawal?|Dobar dan, mogu li dobiti bonus?|anna@example.com, 12 April 1990
Thanks, and where is my money?
"""


@pytest.mark.parametrize("text", each(NOTHING))
def test_a_greeting_wants_nothing(text: str) -> None:
    assert wants_nothing(text)


@pytest.mark.parametrize("text", each(SOMETHING))
def test_whoever_says_more_wants_something(text: str) -> None:
    assert not wants_nothing(text)
