"""Small files of boards and lists of tasks: Trello, Taskwarrior."""

from tests.unit.trackers.samples import as_json, as_lines

ANN = {"id": "m1", "username": "ann", "fullName": "Ann Lee"}
BOB = {"id": "m2", "username": "bob", "fullName": "Bob Ray"}
CARD = {
    "id": "695b8ae0c000000000000001",  # born at 2026-01-05T09:56:48Z
    "idShort": 7,
    "shortLink": "AbCd",
    "name": "Printer on fire",
    "desc": "It burns.",
    "closed": False,
    "idBoard": "b1",
    "idList": "l3",
    "idMembers": ["m2", "m1"],
    "labels": [{"name": "hot", "color": "red"}, {"name": "", "color": "blue"}],
    "due": "2026-01-06T00:00:00.000Z",
    "dueComplete": False,
    "dateLastActivity": "2026-01-05T16:00:00.000Z",
    "attachments": [{"name": "fire.jpg", "bytes": 1234, "url": "https://trello.example/fire.jpg"}],
    "customFieldItems": [
        {"idCustomField": "f1", "value": {"text": "Gold"}},
        {"idCustomField": "f2", "value": None, "idValue": "o2"},
    ],
}


def action(kind: str, hour: int, by: object, **data: object) -> dict[str, object]:
    card = {"id": CARD["id"], **data.pop("card", {})}  # type: ignore[dict-item]
    return {
        "type": kind,
        "date": f"2026-01-05T{hour}:00:00.000Z",
        "memberCreator": by,
        "data": {"card": card, **data},
    }


TRELLO = {
    "id": "b1",
    "name": "Office",
    "desc": "",
    "closed": False,
    "idOrganization": None,
    "prefs": {"voting": "disabled"},
    "shortLink": "XyZ",
    "labelNames": {"red": "hot"},
    "actions": [
        action("updateCard", 15, BOB, listBefore={"name": "Doing"}, listAfter={"name": "Done"}),
        action("commentCard", 12, ANN, text="Water?"),
        action("updateCard", 11, BOB, listBefore={"name": "Ideas"}, listAfter={"name": "Doing"}),
        action("createCard", 10, ANN),
    ],
    "cards": [
        CARD,
        {**CARD, "id": "695b8ae0c000000000000002", "closed": True, "idList": "l1", "shortLink": "EfGh"},
    ],
    "lists": [
        {"id": "l1", "name": "Ideas", "closed": False},
        {"id": "l2", "name": "Doing", "closed": False},
        {"id": "l3", "name": "Done", "closed": False},
    ],
    "members": [ANN, BOB],
    "checklists": [
        {
            "id": "c1",
            "idCard": CARD["id"],
            "name": "Steps",
            "checkItems": [
                {"name": "dry", "state": "incomplete", "pos": 2},
                {"name": "pour", "state": "complete", "pos": 1},
            ],
        }
    ],
    "customFields": [
        {"id": "f1", "name": "Level"},
        {"id": "f2", "name": "Size", "options": [{"id": "o2", "value": {"text": "Big"}}]},
    ],
}

TASK = {
    "id": 1,
    "description": "Printer on fire",
    "due": "20260106T000000Z",
    "entry": "20260105T100000Z",
    "modified": "20260105T150000Z",
    "start": "20260105T110000Z",
    "end": "20260105T150000Z",
    "priority": "H",
    "project": "office.printers",
    "status": "completed",
    "size": "big",
    "uuid": "1f4ee97a-7992-4591-8367-0fdba6cb0c89",
    "annotations": [{"entry": "20260105T120000Z", "description": "Water?"}],
    "tags": ["hot"],
    "depends": ["14bf5430-7684-4c31-9a97-78f8781a2bc0"],
    "urgency": 19,
}
PATTERN = {
    "id": 3,
    "description": "Water plants",
    "due": "20260107T080000Z",
    "entry": "20260105T100000Z",
    "mask": "-",
    "modified": "20260105T100000Z",
    "project": "home",
    "recur": "2weeks",
    "status": "recurring",
    "until": "20270101T000000Z",
    "tags": ["green"],
    "uuid": "43ead7b8-e82c-4c1d-8804-fe47a516fde3",
    "urgency": 10.4,
}

SAMPLES = [
    ("trello", as_json(TRELLO)),
    ("trello", as_json([CARD])),
    ("taskwarrior", as_json([TASK, PATTERN])),
    ("taskwarrior", as_lines(TASK, PATTERN)),
]
