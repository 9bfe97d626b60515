"""Two requests as people write them: one inside the guardrails, one over a limit."""

from collections.abc import Mapping
from datetime import date, timedelta

TODAY = date.today()  # noqa: DTZ011  # any day near the service's own will do
NEEDED = TODAY + timedelta(days=30)
HEAD = {"campagne": "ventes-privees", "demandeuse": "camille", "pour le": NEEDED.isoformat()}
NEWSLETTER = {
    "type de demande": "form",
    "titre": "Inscription à la lettre d’information",
    **HEAD,
    "formulaire › finalité": "newsletter",
    "formulaire › destinataire": "crm.example.fr",
    "formulaire › conservation": "24",
    "formulaire › champ 1 › nom": "email",
    "formulaire › champ 1 › libellé": "E-mail",
    "formulaire › champ 1 › type": "email",
    "formulaire › champ 1 › saisie automatique": "email",
    "formulaire › champ 1 › donnée": "email",
    "formulaire › champ 1 › obligatoire": "true",
    "formulaire › champ 2 › nom": "accord",
    "formulaire › champ 2 › libellé": "J’accepte de recevoir la lettre par e-mail",
    "formulaire › champ 2 › type": "checkbox",
    "formulaire › champ 2 › donnée": "consent_email",
    "formulaire › champ 2 › pré-coché": "false",
}
CODE = {
    "type de demande": "promo-code",
    "titre": "Code des ventes privées",
    **HEAD,
    "code promo › code": "PRIVE",
    "code promo › percent": "30",
    "code promo › starts_on": NEEDED.isoformat(),
    "code promo › ends_on": (NEEDED + timedelta(days=14)).isoformat(),
    "code promo › quota": "800",
    "code promo › cap_euros": "40",
    "code promo › stackable": "false",
    "code promo › unique": "true",
    "code promo › random_characters": "10",
    "code promo › margin_excluded_products": "false",
}


def table(rows: Mapping[str, str]) -> str:
    """A table of two columns, as one types it."""
    return "\n".join(
        ["||Quoi||Réponse||", *(f"|{what}|{answer}|" for what, answer in rows.items())]
    )
