"""What moderators decide about a person: whether they are always published, and what is noted.

Each is a line of the log, keeps what it replaced, and can be taken back.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from blog.models import User
from comments.models import Decision, Person, PersonRevision

LONGEST = 5_000  # characters of a note
Verb = Decision.Verb
FIELDS = {Verb.TRUST: "standing", Verb.DISTRUST: "standing", Verb.NOTE: "note"}


def trust(person: Person, *, by: User) -> Decision | None:
    """From now on everything by this person is published; None where it was so already."""
    return _write(person, Verb.TRUST, Person.Standing.TRUSTED, by)


def distrust(person: Person, *, by: User) -> Decision | None:
    """From now on the rules say again what becomes of it; None where they did already."""
    return _write(person, Verb.DISTRUST, Person.Standing.UNKNOWN, by)


@transaction.atomic
def keep_note(person: Person, note: str, *, read: str, by: User) -> Decision | None:
    """Keeps a note; below what a colleague has written since `read`, the note as this one saw it.

    None where the note says so already.
    """
    kept = _locked(person).note
    if kept in (read, note):
        return _write(person, Verb.NOTE, note[:LONGEST], by)
    return _write(person, Verb.NOTE, f"{kept}\n\n{note}"[:LONGEST], by)


@transaction.atomic
def undo(decision: Decision) -> bool:
    """Gives a person back what `decision` replaced, where nobody has decided otherwise since."""
    revision = PersonRevision.objects.filter(decision=decision).first()
    if not revision:
        return False
    field = FIELDS[Verb(decision.verb)]
    same = [verb for verb in FIELDS if FIELDS[verb] == field]
    later = PersonRevision.objects.filter(person=revision.person, decision__gt=decision.pk)
    if later.filter(decision__verb__in=same, decision__undone_by=None).exists():
        return False
    this = Person.objects.filter(pk=revision.person_id)
    this.update(**{field: getattr(revision, field)})
    return True


@transaction.atomic
def _write(person: Person, verb: Verb, value: str, by: User) -> Decision | None:
    before, field = _locked(person), FIELDS[verb]
    if getattr(before, field) == value:
        return None
    name = before.name or _("Anonymous")
    decision = Decision.objects.create(verb=verb, by=by, why=name, size=0)
    facts = {"standing": before.standing, "note": before.note}
    PersonRevision.objects.create(decision=decision, person=before, **facts)
    setattr(person, field, value)
    person.save(update_fields=[field])
    return decision


def _locked(person: Person) -> Person:
    """The person as now known, until the transaction ends."""
    return Person.objects.select_for_update(no_key=True).get(pk=person.pk)
