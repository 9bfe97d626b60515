"""How long data are kept, where they go, and what comes as a file (section 3.5, R1 to R4, T1 to T3)."""

from collections.abc import Iterator, Mapping
from typing import Any

from bridge.guardrails.finding import Where
from bridge.guardrails.paths import ABSENT, web_host_of
from bridge.guardrails.personal.form import Form, Said, level_of, number, said, verdict_on
from bridge.guardrails.policy import Rule
from bridge.text import text


def months(rule: Rule, form: Form) -> Iterator[Said]:
    """A duration in months is at most so long (R1, R2).

    It counts where the form asks for one of ``types``, or for data of ``level`` and above; without
    either, where somebody wrote it.
    """
    values = rule.values
    written = form.data.get(values["key"], ABSENT)
    counts = written is not ABSENT
    if "types" in values:
        counts = bool(form.asking(values["types"]))
    elif "level" in values:
        counts = bool(form.personal(level_of(rule)))
    if not counts:
        return
    most = number(values["max"])
    at, wanted = form.place(values["key"]), text("at most {n} months", n=most)
    if written is ABSENT:
        yield said("missing", at, wanted)
    else:
        yield verdict_on(0 <= number(written) <= most, at, wanted, written)


def deleted(rule: Rule, form: Form) -> Iterator[Said]:
    """Some data go as soon as they have served (R3, R4)."""
    wanted = text("{value}", value=rule.values["after"])
    for asked in form.asking(rule.values["types"]):
        at = (*asked.where, "delete_after")
        if "delete_after" not in asked.entry:
            yield said("missing", at, wanted)
        else:
            after = asked.entry["delete_after"]
            yield verdict_on(after == rule.values["after"], at, wanted, after)


def never(rule: Rule, form: Form) -> Iterator[Said]:
    """Some data are never ours to keep (R3, PCI DSS 3.3.1)."""
    for asked in form.asking(rule.values["types"]):
        yield said("outside", asked.where, text("nothing here"))


def registered(rule: Rule, form: Form) -> Iterator[Said]:
    """Data go to hosts of the register alone, each with its contract (T1, GDPR art. 28)."""
    hosts = form.facts.around.registers[rule.values["register"]]
    wanted = text("what the register “{register}” lists", register=rule.values["register"])
    destination = form.data.get("destination", ABSENT)
    if destination is ABSENT:
        yield said("missing", form.place("destination"), wanted)
    else:
        yield _host(destination, form.place("destination"), hosts, rule)
    for where, processor in _processors(form):
        host = processor.get("host", ABSENT)
        if host is ABSENT:
            yield said("missing", (*where, "host"), wanted)
        else:
            yield _host(host, (*where, "host"), hosts, rule)


def _host(value: Any, where: Where, hosts: frozenset[str], rule: Rule) -> Said:
    wanted = text("what the register “{register}” lists", register=rule.values["register"])
    try:
        is_listed = web_host_of(value) in hosts
    except TypeError:
        is_listed = False
    return verdict_on(is_listed, where, wanted, value)


def _processors(form: Form) -> Iterator[tuple[Where, Mapping[str, Any]]]:
    for place, processor in enumerate(form.listed("processors")):
        if not isinstance(processor, Mapping):
            raise TypeError("processors")
        yield (*form.place("processors"), place), processor


def countries(rule: Rule, form: Form) -> Iterator[Said]:
    """Data stay where the law protects them as here (T2, GDPR art. 44 to 46)."""
    allowed = form.facts.around.registers[rule.values["register"]]
    wanted = text("what the register “{register}” lists", register=rule.values["register"])
    places = [
        ((*where, "country"), processor.get("country", ABSENT))
        for where, processor in _processors(form)
    ]
    if "destination_country" in form.data:
        places.append((form.place("destination_country"), form.data["destination_country"]))
    for where, country in places:
        if country is ABSENT:
            yield said("missing", where, wanted)
        else:
            is_safe = isinstance(country, str) and country.casefold() in allowed
            yield verdict_on(is_safe, where, wanted, country)


def files(rule: Rule, form: Form) -> Iterator[Said]:
    """What people send as a file is a way in: types, size, antivirus (T3)."""
    named = form.asking(rule.values["types"])
    for asked in form.fields():
        is_file = asked in named or asked.entry.get("type") in rule.values["inputs"]
        yield verdict_on(not is_file, asked.where, text("no file"))
