"""One place where a contract file and the truth differ, and the ways to mend a file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]


@dataclass(frozen=True)
class Defect:
    """One place where the truth and the file differ, and how the file is mended."""

    contracts: tuple[str, ...]
    what: str
    reason: str
    source: str
    mend: Callable[[Document], None]

    def concerns(self, contract: str) -> bool:
        """Whether it is a defect of this file."""
        return contract in self.contracts


def status(contracts: str | tuple[str, ...], operation: str, number: int, reason: str, source: str) -> Defect:  # fmt: skip
    method, path = operation.split(" ")

    def mend(document: Document) -> None:
        document["paths"][path][method.lower()]["responses"][str(number)] = {}

    names = (contracts,) if isinstance(contracts, str) else contracts
    return Defect(names, f"{operation} answers {number}", reason, source, mend)


def nullable(schemas: Iterable[str], names: Iterable[str], contracts: tuple[str, ...], reason: str, source: str) -> Defect:  # fmt: skip
    schemas, names = tuple(schemas), tuple(names)

    def mend(document: Document) -> None:
        for schema in schemas:
            described = document["components"]["schemas"][schema]["properties"]
            for name in names:
                described[name] = {"anyOf": [described[name], {"enum": [None]}]}

    what = f"{', '.join(names)} of {', '.join(schemas)} may be null"
    return Defect(contracts, what, reason, source, mend)


def everywhere(*statuses: str) -> Callable[[Document], None]:
    def mend(document: Document) -> None:
        for item in document["paths"].values():
            for method, operation in item.items():
                for status in statuses if method != "parameters" else ():
                    operation["responses"].setdefault(status, {})

    return mend
