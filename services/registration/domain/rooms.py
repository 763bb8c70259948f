"""The rooms a meetup has: one for each way of attending it, and what becomes of them when its organisers change their mind."""

from collections.abc import Mapping
from dataclasses import replace

from services.registration.domain.ledgers import Ledger, resize
from services.registration.domain.meetups import AttendanceMode
from services.registration.domain.refusals import NotHybrid, RoomInUse
from services.registration.domain.registrations import Mode


def modes_of(attendance_mode: AttendanceMode) -> tuple[Mode, ...]:
    """Return the ways of attending, the first one being what `capacity` is about."""
    return ("onsite", "online") if attendance_mode == "hybrid" else (attendance_mode,)


def arrange(
    rooms: Mapping[Mode, Ledger],
    attendance_mode: AttendanceMode,
    *,
    capacity: int | None = None,
    online_capacity: int | None = None,
    overbooking_percent: int | None = None,
) -> dict[Mode, Ledger]:
    """Return the rooms as they shall be, the one on site first; what is None stays as it is.

    A new room has as many seats as the one there is, unless told. The only room of a meetup that moves online moves with all in it.

    Raises:
        CapacityBelowTaken: fewer would be allowed than are taken.
        NotHybrid: an online capacity for a meetup with one room.
        RoomInUse: a room with somebody in it would go.
    """
    wanted = modes_of(attendance_mode)
    if online_capacity is not None and len(wanted) == 1:
        raise NotHybrid
    model = next(iter(rooms.values()))
    if len(rooms) == len(wanted) == 1:
        rooms = {wanted[0]: replace(model, mode=wanted[0])}
    if any(ledger.taken or ledger.waiting for mode, ledger in rooms.items() if mode not in wanted):
        raise RoomInUse
    arranged: dict[Mode, Ledger] = {}
    for mode, size in zip(wanted, (capacity, online_capacity), strict=False):
        room = rooms.get(mode) or _empty(model, mode)
        arranged[mode] = resize(
            room,
            capacity=room.capacity if size is None else size,
            overbooking_percent=room.overbooking_percent if overbooking_percent is None else overbooking_percent,
        )
    return arranged


def _empty(model: Ledger, mode: Mode) -> Ledger:
    return replace(model, mode=mode, taken=0, waiting=0, next_number=1, filled=False, decoys_held=0, decoys_waiting=0)
