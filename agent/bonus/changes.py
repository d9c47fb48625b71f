"""What authors do to the configuration store: apply files, publish, archive, restore.

Nothing here writes: each function returns the versions that a write would add, made of the store as it was read, and
the write is refused where the store has moved since.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from agent.bonus.store import Files, Stock, in_order, loaded, read_stock, read_version, stored_catalogue
from casino.analysis.analyse import analyse
from casino.analysis.finding import Finding, place_of
from casino.bonus.configuration import Configuration, ConfigurationStatus, parse_configuration
from casino.bonus.files.format import catalogue_text, format_configuration
from casino.bonus.files.plan import Held, Kind, Planned, Refused, check_ties, plan
from casino.bonus.files.version_changes import field_changes
from casino.bonus.law.jurisdictions import Packs
from casino.document import load_yaml
from casino.fields.catalogue import Catalogue
from casino.loaded import DocumentError, Loaded
from casino.nearest import did_you_mean
from casino.values import Document
from tools.bonus_store import FIELDS, Act, Head, New, Snapshot, Version


class NotInStore(LookupError):  # noqa: N818  # named by what is wrong
    """There is nothing of this id to do this with; the message says what there is."""


class Flawed(Exception):  # noqa: N818  # named by what stands against the change
    """The analysis found errors in what would count; nothing is written. Each is said with its place and its code."""

    def __init__(self, findings: Sequence[Finding], documents: Mapping[str, Loaded]) -> None:
        super().__init__("\n".join(_line(one, documents[one.configuration or ""]) for one in findings))
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What would be done to a store: what people read of it, and the versions that it adds."""

    items: tuple[Planned, ...]
    news: tuple[New, ...]
    expected: int  # the revision that it was prepared on

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to do."""
        return not self.news


def prepare(snapshot: Snapshot, files: Files, *, prune: bool) -> Prepared:
    """Compare files with the store. Raises DocumentError (a tie, an archived id) and Flawed for errors in meaning."""
    stock = read_stock(snapshot)
    fields, catalogue = _fields(stock, files, prune=prune)
    standing = None if fields is None else _standing(stock, files, catalogue, prune=prune)
    try:
        planned = plan(stock.held, files.bonuses.configurations, prune=prune, standing=standing)
    except Refused as error:
        raise _placed(error, files.bonuses.documents) from error
    touched = {item.id for item in planned.items if item.writes}
    documents = {**_stored_documents(stock, touched), **files.bonuses.documents}
    _check_meaning(planned.result, touched, catalogue, packs=files.bonuses.packs, documents=documents)
    # What goes comes before the new field catalogue: it stays under the one that it was written under.
    gone = [_gone(snapshot, item.id) for item in planned.items if item.kind is Kind.ARCHIVED]
    news = [_new(one, catalogue) for item in planned.items if item.kind is not Kind.ARCHIVED for one in item.writes]
    if fields is None:
        return Prepared(items=planned.items, news=(*gone, *news), expected=snapshot.revision)
    item, new = fields
    return Prepared(items=(item, *planned.items), news=(*gone, new, *news), expected=snapshot.revision)


def exported(stock: Stock, *, published: bool = False) -> dict[str, str]:
    """Return the newest of everything that is not archived, or only what decides, as files: name and text."""
    chosen = stock.published if published else stock.newest
    texts = {f"{one.id}.yaml": format_configuration(one) for one in chosen.configurations}
    fields = stock.snapshot.fields
    return texts if fields is None else {FIELDS: fields.text, **texts}


def publish(stock: Stock, id_: str, *, packs: Packs) -> tuple[New, ...]:
    """Return the version that lets a draft decide; none where it is published already and has no draft.

    Raises NotInStore, DocumentError for a tie, and Flawed for errors in meaning.
    """
    _standing_head(stock, id_)
    draft = stock.held[id_].draft
    if draft is None:
        return ()
    live = replace(draft, status=ConfigurationStatus.PUBLISHED)
    _check_standing(stock, id_, Held(live=live), packs)
    return (_new(live, stock.catalogue, act=Act.PUBLISHED),)


def archive(stock: Stock, id_: str) -> tuple[New, ...]:
    """Return the version that takes a configuration out. Raises NotInStore, also where it is out."""
    _standing_head(stock, id_)
    return (_gone(stock.snapshot, id_),)


def restore(stock: Stock, id_: str, *, packs: Packs) -> tuple[New, ...]:
    """Return the versions that bring an archived configuration back as it was: published, draft, or both.

    What comes back is what its last versions held: conditions and tiers that were taken out before stay out.
    Raises NotInStore, also where it is not archived, DocumentError for a tie or a field that is gone, and Flawed.
    """
    head = known_head(stock.snapshot, id_)
    if head.archived is None:
        raise NotInStore(f'"{id_}" is not archived, so there is nothing to restore')
    live, draft = (None if slot is None else read_version(slot, stock.catalogue) for slot in (head.live, head.draft))
    held = Held(live=live, draft=draft)
    _check_standing(stock, id_, held, packs)
    return tuple(_new(one, stock.catalogue, act=Act.RESTORED) for one in held.slots)


def _standing(stock: Stock, files: Files, catalogue: Catalogue, *, prune: bool) -> dict[str, Held]:
    """Return what stays as it is, read under a new field catalogue. What goes or is replaced is not read under it."""
    wanted = {one.id: one.status for one in files.bonuses.configurations.configurations}
    standing: dict[str, Held] = {}
    for id_, held in stock.held.items():
        status = wanted.get(id_)
        head = stock.snapshot.heads[id_]
        if held.archived or (status is None and prune) or status not in {None, ConfigurationStatus.DRAFT}:
            continue
        live = None if head.live is None else read_version(head.live, catalogue)
        draft = held.draft
        if head.draft is not None and status is None:
            draft = read_version(head.draft, catalogue)
        standing[id_] = replace(held, live=live, draft=draft)
    return standing


def _fields(stock: Stock, files: Files, *, prune: bool) -> tuple[tuple[Planned, New] | None, Catalogue]:
    """Return what happens to the field catalogue, if anything, and the one that counts afterwards."""
    stored = stock.snapshot.fields
    if not files.has_fields:
        if stored is None or not prune:
            return None, stock.catalogue
        gone = _again(stored, Act.ARCHIVED, ConfigurationStatus.ARCHIVED)
        return (Planned(id=FIELDS, kind=Kind.ARCHIVED), gone), stored_catalogue(None)
    text = catalogue_text(files.bonuses.catalogue)
    found = field_changes(_document("{}" if stored is None else stored.text), _document(text))
    if stored is not None and not found:
        return None, files.bonuses.catalogue
    kind = Kind.CREATED if stored is None else Kind.CHANGED
    hash_ = sha256(text.encode()).hexdigest()
    new = New(document=FIELDS, act=Act.APPLIED, status=ConfigurationStatus.PUBLISHED, hash=hash_, text=text)
    return (Planned(id=FIELDS, kind=kind, changes=found), new), files.bonuses.catalogue


def _new(configuration: Configuration, catalogue: Catalogue, *, act: Act = Act.APPLIED) -> New:
    """Write a configuration as a version."""
    text = format_configuration(configuration)
    check_reading(text, configuration, catalogue)
    return New(document=configuration.id, act=act, status=configuration.status, hash=configuration.hash, text=text)


def check_reading(text: str, configuration: Configuration, catalogue: Catalogue) -> None:
    """Make sure that what will be read is what was meant; the other would be a broken promise (RuntimeError)."""
    read = parse_configuration(load_yaml(text, name=configuration.id), catalogue)
    if read.hash != configuration.hash:
        raise RuntimeError(f'"{configuration.id}" would read otherwise than it was written; nothing was stored')


def _again(version: Version, act: Act, status: ConfigurationStatus) -> New:
    """Return the same text as a version of another status."""
    return New(document=version.document, act=act, status=status, hash=version.hash, text=version.text)


def _gone(snapshot: Snapshot, id_: str) -> New:
    """Return the version that takes a configuration out, with the text that it has: nothing of it is read again."""
    return _again(snapshot.heads[id_].current, Act.ARCHIVED, ConfigurationStatus.ARCHIVED)


def known_head(snapshot: Snapshot, id_: str) -> Head:
    """Return what counts of a configuration, archived or not. Raises NotInStore where there never was one."""
    known = snapshot.configurations
    if id_ not in known:
        mend = did_you_mean(id_, known) if known else "It is empty."
        raise NotInStore(f'there is no configuration "{id_}" in the store. {mend}')
    return known[id_]


def _standing_head(stock: Stock, id_: str) -> Head:
    head = known_head(stock.snapshot, id_)
    if head.archived is not None:
        raise NotInStore(f'"{id_}" is archived. Bring it back with "croupier bonus restore {id_}"')
    return head


def _check_standing(stock: Stock, id_: str, held: Held, packs: Packs) -> None:
    """Refuse a change after which the store could not stand."""
    after = {**stock.held, id_: held}
    result = [one for each in after.values() if not each.archived for one in each.slots]
    try:
        check_ties(result, first={id_})
    except Refused as error:
        raise _placed(error, {}) from error
    documents = _stored_documents(stock, {id_})
    _check_meaning(result, {id_}, stock.catalogue, packs=packs, documents=documents)


def _check_meaning(
    result: Iterable[Configuration],
    touched: Collection[str],
    catalogue: Catalogue,
    *,
    packs: Packs,
    documents: Mapping[str, Loaded],
) -> None:
    """Raise Flawed for errors in what is touched: what was in the store before is not held against a change."""
    newest = {one.id: one for one in result}  # a draft stands behind the published version of its id
    found = analyse(in_order(newest.values()), catalogue, packs)
    errors = [one for one in found if one.severity == "error" and one.configuration in touched]
    if errors:
        raise Flawed(errors, documents)


def _stored_documents(stock: Stock, ids: Iterable[str]) -> dict[str, Loaded]:
    """Return the newest documents that the store has of these, for what is to be said of them."""
    heads = stock.snapshot.configurations
    return {id_: loaded(heads[id_].current) for id_ in ids if id_ in heads}


def _line(finding: Finding, document: Loaded) -> str:
    """Say a finding as `croupier bonus check` does."""
    place = place_of(finding, document)
    where = document.name if place is None else f"{document.name}:{place.line}:{place.column}"
    return f"{where}: {finding.code} {finding.severity}: {finding.message}. {finding.mend}"


def _placed(error: Refused, documents: Mapping[str, Loaded]) -> DocumentError:
    if error.configuration in documents:
        return documents[error.configuration].error((error.key,), error.message, error.mend)
    name = f"store:{error.configuration}"
    return DocumentError(error.message, name=name, line=None, column=None, mend=error.mend)


def _document(text: str) -> Document:
    value = load_yaml(text, name=FIELDS).value
    return value if isinstance(value, dict) else {}
