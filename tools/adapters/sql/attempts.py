"""Attempts at verification, counted per subject."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from tools.adapters.sql.tables import ATTEMPTS
from tools.on_record import written


def take(connection: Connection, subjects: Sequence[str], *, limit: int, since: datetime, at: datetime) -> bool:
    """Count one more attempt for each subject, unless one of them has reached the limit."""
    for subject in subjects:
        recent = (ATTEMPTS.c.subject == subject, ATTEMPTS.c.at >= written(since))
        count = connection.scalar(select(func.count()).select_from(ATTEMPTS).where(*recent))
        if (count or 0) >= limit:
            return False
    if subjects:
        connection.execute(insert(ATTEMPTS), [{"subject": one, "at": written(at)} for one in subjects])
    return True


def give_back(connection: Connection, subjects: Sequence[str], *, at: datetime) -> None:
    """Take back one attempt of each subject."""
    for subject in subjects:
        same = (ATTEMPTS.c.subject == subject, ATTEMPTS.c.at == written(at))
        newest = select(func.max(ATTEMPTS.c.id)).where(*same).scalar_subquery()
        connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.id == newest))
