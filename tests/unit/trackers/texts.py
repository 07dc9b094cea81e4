"""Small files of trackers that are no JSON, and of two that are: osTicket, todo.txt, RT, Linear."""

from tests.unit.trackers.samples import as_json, as_lines

OSTICKET = rb"""-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
DROP TABLE IF EXISTS `ost_api_key`;
CREATE TABLE `ost_attachment` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `object_id` int(11) unsigned NOT NULL,
  `type` char(1) NOT NULL,
  `file_id` int(11) unsigned NOT NULL,
  `name` varchar(255) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB;
INSERT INTO `ost_attachment` VALUES (1,2,'H',9,NULL),(2,1,'C',9,'canned.txt');
INSERT INTO `ost_department` (`id`, `name`) VALUES (1, 'Front desk');
INSERT INTO `ost_event` (`id`, `name`) VALUES (2,'closed'),(3,'reopened');
INSERT INTO `ost_file` (`id`, `name`, `size`) VALUES (9, 'fire.jpg', 1234);
INSERT INTO `ost_file_chunk` VALUES (9,0,_binary '\xff\xd8); INSERT \'\\');
INSERT INTO `ost_help_topic` (`topic_id`, `topic`) VALUES (4, 'Printers');
INSERT INTO `ost_organization` (`id`, `name`) VALUES (6, 'Acme');
INSERT INTO `ost_staff` (`staff_id`, `username`, `firstname`, `lastname`, `email`) VALUES
(2, 'bob', 'Bob', 'Ray', 'bob@help.example');
INSERT INTO `ost_thread` (`id`, `object_id`, `object_type`) VALUES (5, 31, 'T'), (6, 31, 'A');
CREATE TABLE `ost_thread_entry` (
  `id` int(11) unsigned NOT NULL AUTO_INCREMENT,
  `thread_id` int(11) unsigned NOT NULL DEFAULT '0',
  `staff_id` int(11) unsigned NOT NULL DEFAULT '0',
  `user_id` int(11) unsigned NOT NULL DEFAULT '0',
  `type` char(1) NOT NULL DEFAULT '',
  `poster` varchar(128) NOT NULL DEFAULT '',
  `title` varchar(255) DEFAULT NULL,
  `body` text NOT NULL,
  `format` varchar(16) NOT NULL DEFAULT 'html',
  `created` datetime NOT NULL
) ENGINE=InnoDB;
INSERT INTO `ost_thread_entry` VALUES (1,5,0,1,'M','Ann Lee','Printer on fire','<p>It <b>burns</b>; it\'s hot.</p>','html','2026-01-05 10:00:00'),(2,5,2,0,'R','Bob Ray',NULL,'Water?\r\nNow (or never), ''please''','text','2026-01-05 11:00:00'),(3,5,2,0,'N','Bob Ray','Between us','<p>Psst</p>','html','2026-01-05 12:00:00');
INSERT INTO `ost_thread_event` (`id`, `thread_id`, `event_id`, `uid`, `uid_type`, `timestamp`) VALUES
(1, 5, 2, 2, 'S', '2026-01-05 13:00:00'),
(2, 5, 3, 1, 'U', '2026-01-05 14:00:00'),
(3, 5, 2, 2, 'S', '2026-01-05 15:00:00');
INSERT INTO `ost_ticket` (`ticket_id`, `number`, `user_id`, `status_id`, `dept_id`, `topic_id`, `staff_id`, `source`, `duedate`, `closed`, `created`, `updated`) VALUES
(31, '847367', 1, 2, 1, 4, 2, 'Web', '2026-01-06 00:00:00', '2026-01-05 15:00:00', '2026-01-05 10:00:00', '0000-00-00 00:00:00');
INSERT INTO `ost_ticket__cdata` (`ticket_id`, `subject`, `priority`, `serial`) VALUES (31, 'Printer on fire', '4', 'A17');
INSERT INTO `ost_ticket_priority` (`priority_id`, `priority`) VALUES (4, 'emergency');
INSERT INTO `ost_ticket_status` (`id`, `name`, `state`) VALUES (1, 'Open', 'open'), (2, 'Resolved', 'closed');
INSERT INTO `ost_user` (`id`, `org_id`, `name`) VALUES (1, 6, 'Ann Lee');
INSERT INTO `ost_user_email` (`id`, `user_id`, `address`) VALUES (1, 1, 'ann@acme.example');
"""

TODO = b"""(A) 2026-01-05 Call Ann +office @phone due:2026-01-06
x 2026-01-05 2026-01-04 Buy water +office +home pri:B
2026-01-05 Read https://x.example/a:b @home size:big

plain task +office
"""

RT = b"""id: ticket/7
Queue: Printers
Owner: bob
Creator: ann@acme.example
Subject: Printer on fire
Status: resolved
Priority: 50
InitialPriority: 0
Requestors: ann@acme.example, cy@acme.example
Cc: dee@acme.example
AdminCc:
Created: Mon Jan 05 10:00:00 2026
Starts: Not set
Due: Tue Jan 06 00:00:00 2026
Resolved: Mon Jan 05 15:00:00 2026
LastUpdated: Mon Jan 05 16:00:00 2026
TimeWorked: 20 minutes
DependsOn: fsck.com-rt://rt.example/ticket/8
CF.{Level}: Gold

--

id: 100
Ticket: 7
Type: Create
Field:
Content: It burns.
         And smells.

Creator: ann@acme.example
Created: 2026-01-05 10:00:00
Attachments:

--

id: 101
Ticket: 7
Type: Correspond
Content: Water?
Creator: bob
Created: 2026-01-05 11:00:00

--

id: 102
Ticket: 7
Type: Comment
Content: Between us
Creator: bob
Created: 2026-01-05 12:00:00

--

id: 103
Ticket: 7
Type: Status
Field: Status
OldValue: open
NewValue: resolved
Content: This transaction appears to have no content
Creator: bob
Created: 2026-01-05 15:00:00
"""
RT_JSON = {
    "id": 7,
    "EffectiveId": {"id": "7", "type": "ticket"},
    "Type": "ticket",
    "Status": "resolved",
    "Subject": "Printer on fire",
    "Queue": {"id": "1", "type": "queue", "Name": "Printers"},
    "Owner": {"id": "bob", "type": "user"},
    "Creator": {"id": "ann@acme.example", "type": "user"},
    "Requestor": [{"id": "ann@acme.example", "type": "user"}],
    "Cc": [],
    "Created": "2026-01-05T10:00:00Z",
    "Due": "2026-01-06T00:00:00Z",
    "Resolved": "2026-01-05T15:00:00Z",
    "Started": "1970-01-01T00:00:00Z",
    "LastUpdated": "2026-01-05T16:00:00Z",
    "Priority": "50",
    "CustomFields": [{"id": "1", "name": "Level", "values": ["Gold"]}],
    "_hyperlinks": [
        {"ref": "self", "id": 7, "type": "ticket", "_url": "https://rt.example/REST/2.0/ticket/7"},
        {"ref": "depends-on", "id": 8, "type": "ticket", "_url": "https://rt.example/REST/2.0/ticket/8"},
    ],
}
RT_PAST = [
    {
        "Type": "Create",
        "Content": "It burns.",
        "Creator": {"id": "ann@acme.example"},
        "Created": "2026-01-05T10:00:00Z",
    },
    {"Type": "Correspond", "Content": "Water?", "Creator": {"id": "bob"}, "Created": "2026-01-05T11:00:00Z"},
    {
        "Type": "Status",
        "Field": "Status",
        "NewValue": "resolved",
        "Creator": {"id": "bob"},
        "Created": "2026-01-05T15:00:00Z",
    },
]

LINEAR = {
    "id": "9f",
    "identifier": "SUP-7",
    "url": "https://linear.app/acme/issue/SUP-7/printer-on-fire",
    "title": "Printer on fire",
    "description": "It burns.",
    "priority": 1,
    "estimate": 3,
    "state": {"name": "Shipped", "type": "completed"},
    "creator": {"name": "Ann Lee", "email": "ann@acme.example"},
    "assignee": {"name": "Bob Ray", "email": "bob@help.example"},
    "team": {"name": "Support"},
    "labels": {"nodes": [{"name": "hot"}]},
    "createdAt": "2026-01-05T10:00:00.000Z",
    "updatedAt": "2026-01-05T16:00:00.000Z",
    "completedAt": "2026-01-05T15:00:00.000Z",
    "dueDate": "2026-01-06",
    "parent": {"identifier": "SUP-1"},
    "relations": {"nodes": [{"type": "blocks", "relatedIssue": {"identifier": "SUP-8"}}]},
    "comments": {
        "nodes": [
            {"body": "Water?", "user": {"name": "Ann Lee"}, "createdAt": "2026-01-05T11:00:00.000Z"},
        ]
    },
    "history": {
        "nodes": [
            {
                "toState": {"name": "Doing", "type": "started"},
                "actor": {"name": "Bob Ray"},
                "createdAt": "2026-01-05T12:00:00Z",
            },
        ]
    },
}

SAMPLES = [
    ("osticket", OSTICKET),
    ("todo.txt", TODO),
    ("rt", RT),
    ("rt", b"RT/4.4.3 200 Ok\n\n# 1/1 (ticket/7)\n\n" + RT),
    ("rt", as_json(RT_JSON)),
    ("rt", as_json({"items": [RT_JSON], "count": 1, "total": 1, "page": 1})),
    ("rt", as_lines(RT_JSON, RT_JSON)),
    ("linear-json", as_json({"data": {"issues": {"nodes": [LINEAR], "pageInfo": {"hasNextPage": False}}}})),
    ("linear-json", as_json([LINEAR])),
    ("linear-json", as_lines(LINEAR, LINEAR)),
]
