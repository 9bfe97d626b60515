"""Consent: one box per channel, unticked, free, and there where it is needed (section 3.5, K1 to K5)."""

from collections.abc import Iterator
from typing import Final

from bridge.guardrails.paths import ABSENT, web_host_of
from bridge.guardrails.personal.form import Asked, Form, Said, said, verdict_on
from bridge.guardrails.policy import Rule
from bridge.text import Either, text

_UNTICKED: Final = text("a box that is not ticked")


def unticked(rule: Rule, form: Form) -> Iterator[Said]:
    """No box is ticked beforehand (K1, CJUE C-673/17); whatever is not plainly false counts as ticked."""
    for asked in form.fields():
        ticked = asked.entry.get("prechecked", ABSENT)
        at = (*asked.where, "prechecked")
        yield verdict_on(ticked is ABSENT or ticked is False, at, _UNTICKED, ticked)


def box(rule: Rule, form: Form) -> Iterator[Said]:
    """A consent is a box that somebody ticks (K1)."""
    wanted = text("{options}", options=Either(rule.values["inputs"]))
    for asked in form.asking(rule.values["types"]):
        at = (*asked.where, "type")
        if "type" not in asked.entry:
            yield said("missing", at, wanted)
        else:
            kind = asked.entry["type"]
            yield verdict_on(kind in rule.values["inputs"], at, wanted, kind)


def positive(rule: Rule, form: Form) -> Iterator[Said]:
    """Ticking says yes: a box that one ticks in order to refuse is no consent (K1, GDPR art. 4(11))."""
    wanted = text("a box that one ticks to accept")
    for asked in form.asking(rule.values["types"]):
        label = asked.entry.get("label", "")
        yield verdict_on(not form.lexicon.refuses(label), (*asked.where, "label"), wanted, label)


def own_box(rule: Rule, form: Form) -> Iterator[Said]:
    """One box, one channel: never two, nor a channel with the terms (K1), nor with partners (K4)."""
    for asked in form.asking(rule.values["types"]):
        spoken = set(asked.reading.channels)
        declared = asked.reading.declared
        spoken |= {declared.id} if declared and declared.id in rule.values["channels"] else set()
        titles = tuple(
            form.lexicon.types[c].title for c in sorted(spoken) if c in form.lexicon.types
        )
        holds = len(spoken) < 2 or _names_its_channel(asked, spoken)
        yield verdict_on(
            holds, asked.where, text("one box for each"), text("{channels}", channels=titles)
        )


def _names_its_channel(asked: Asked, spoken: set[str]) -> bool:
    """Tell whether it is a box for partners that says by which one channel they write."""
    declared = asked.reading.declared
    is_for_partners = declared is not None and declared.id == "consent_partners"
    return is_for_partners and len(spoken) == 2 and "terms" not in spoken


def free(rule: Rule, form: Form) -> Iterator[Said]:
    """A consent is not the price of something else: mandatory only where it is the purpose itself."""
    purpose = form.purpose if isinstance(form.purpose, str) else ""
    may = form.types(rule.values["purposes"].get(purpose, []))
    for asked in form.asking(rule.values["types"]):
        holds = not asked.is_mandatory or asked.ids <= may
        yield verdict_on(holds, (*asked.where, "required"), text("optional"), text("mandatory"))


def channels(rule: Rule, form: Form) -> Iterator[Said]:
    """The channels that marketing will use are known ones."""
    wanted = text("{options}", options=Either(rule.values["known"]))
    for number, channel in enumerate(form.listed("channels")):
        at = (*form.place("channels"), number)
        yield verdict_on(channel in rule.values["known"], at, wanted, channel)


def needed(rule: Rule, form: Form) -> Iterator[Said]:
    """A form whose data serve a channel asks for the consent to it (K2, K3, K4).

    ``purposes`` imply the channel; ``unless`` names the flags that, all true, are the exception for
    customers of similar products who may object (CPCE L34-5).
    """
    values = rule.values
    is_used = values["channel"] in form.listed("channels") or form.is_for(values["purposes"])
    if not is_used or ("types" in values and not form.asking(values["types"])):
        return
    is_exempt = bool(values.get("unless")) and all(map(form.says_yes, values.get("unless", ())))
    consent = form.lexicon.types[values["consent"]]
    boxes = [a for a in form.asking([consent.id]) if a.reading.declared == consent]
    wanted = text("a box of type {type}", type=consent.id)
    yield verdict_on(is_exempt or bool(boxes), form.place("fields"), wanted)


def partners_list(rule: Rule, form: Form) -> Iterator[Said]:
    """Who gives data to partners can read who they are (K4)."""
    if not form.asking(rule.values["types"]):
        return
    at, wanted = form.place("partners_list"), text("the https address of the list of partners")
    address = form.data.get("partners_list", "")
    if not address:
        yield said("missing", at, wanted)
    else:
        own = form.facts.around.registers[rule.values["register"]]
        yield verdict_on(_leads_to(address, own), at, wanted, address)


def _leads_to(address: object, hosts: frozenset[str]) -> bool:
    try:
        return str(address).startswith("https://") and web_host_of(address) in hosts
    except TypeError:
        return False


def never_mandatory(rule: Rule, form: Form) -> Iterator[Said]:
    """Nobody has to say Madame or Monsieur (K5, CJUE C-394/23)."""
    for asked in form.asking(rule.values["types"]):
        at = (*asked.where, "required")
        yield verdict_on(not asked.is_mandatory, at, text("optional"), text("mandatory"))
