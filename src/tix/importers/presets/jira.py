"""Jira, the CSV export of a search ("all fields"): Server, Data Center, Cloud and Service Management.

Columns repeat (``Comment``, ``Labels``, ``Attachment``); a comment is ``12/Jan/26 3:04 PM;login;text``. Heads are in the
language of whoever exports.
"""

from __future__ import annotations

from tix.errors import BrokenRecord
from tix.importers import fields as read
from tix.importers.record import ImportedComment
from tix.importers.tables.dates import DateRules, parse_date
from tix.importers.tables.layout import Layout
from tix.importers.tables.preset import Preset, folded_all, named

_KEY = "Issue key|Work item key|Key|Vorgangsschlüssel|Schlüssel|Clé de ticket|Clé|Clave de incidencia|Clave|Chave da item|Chave|Codice|Sleutel|Klucz"


def _comment(cell: str, dates: DateRules, created_at: int) -> ImportedComment | None:
    """Read a comment; a cell in another form is one without a time or an author."""
    parts = cell.split(";", 2)
    if len(parts) == 3:
        try:
            at = parse_date(parts[0], dates)
        except BrokenRecord:
            return ImportedComment(created_at, None, cell)
        if not parts[2].strip():
            return None
        return ImportedComment(max(at, created_at), read.parse_voice(parts[1]), parts[2])
    return ImportedComment(created_at, None, cell)


PRESET = Preset(
    "jira",
    "Jira, CSV export",
    named(
        {
            "subject": "Summary|Zusammenfassung|Résumé|Resumen|Resumo|Riepilogo|Samenvatting|Podsumowanie",
            "ref": _KEY,
            "type": "Issue Type|Work type|Vorgangstyp|Type de ticket|Tipo de incidencia|Tipo de item|Tipo|Issuetype|Typ zgłoszenia",
            "status": "Status|État|Estado|Stato|Status zgłoszenia",
            "priority": "Priority|Priorität|Priorité|Prioridad|Prioridade|Priorità|Prioriteit|Priorytet",
            "assignee": "Assignee|Zugewiesene Person|Bearbeiter|Responsable|Personne assignée|Persona asignada|Responsável|Assegnatario|Toegewezene|Osoba przypisana",
            "requester": "Reporter|Autor|Melder|Rapporteur|Informador|Relator|Segnalatore|Zgłaszający",
            "creator": "Creator|Ersteller|Créateur|Creador|Criador|Autore|Twórca",
            "created_at": "Created|Erstellt|Création|Créée|Créé|Creada|Creado|Criado|Creato|Aangemaakt|Utworzono",
            "updated_at": "Updated|Aktualisiert|Mise à jour|Mis à jour|Actualizada|Actualizado|Atualizado(a)|Atualizado|Aggiornato|Bijgewerkt|Zaktualizowano",
            "resolved_at": "Resolved|Erledigt|Gelöst|Résolue|Résolu|Resuelta|Resuelto|Resolvido|Risolto|Opgelost|Rozwiązano",
            "due_at": "Due Date|Fälligkeitsdatum|Fällig|Date d'échéance|Échéance|Fecha de vencimiento|Data limite|Data di scadenza|Vervaldatum|Data wykonania",
            "tags": "Labels|Stichwörter|Stichworte|Étiquettes|Etiquetas|Etichette|Etykiety",
            "body": "Description|Beschreibung|Descripción|Descrição|Descrizione|Beschrijving|Opis",
            "comment": "Comment|Comments|Kommentar|Kommentare|Commentaire|Commentaires|Comentario|Comentário|Commento|Opmerking|Komentarz",
            "category": "Component/s|Components|Komponenten|Composants|Componentes",
            "link.blocks": "Outward issue link (Blocks)",
            "link.blocked-by": "Inward issue link (Blocks)",
            "link.duplicates": "Outward issue link (Duplicate)",
            "link.duplicated-by": "Inward issue link (Duplicate)",
            "link.relates": "Outward issue link (Relates)|Inward issue link (Relates)|Outward issue link (Cloners)|Inward issue link (Cloners)",
            "link.child": "Parent key|Parent",
        }
    ),
    folded_all(f"{_KEY}|Issue id|Work item id|Vorgangs-ID|Project key|Projektschlüssel|Clé de projet|Clave de proyecto"),
    "jira",
    layout=Layout(
        words={
            "status": {
                "Waiting for support": "open", "Waiting for customer": "on-hold", "Waiting on customer": "on-hold",
                "Selected for Development": "open", "In Review": "in-progress", "In Testing": "in-progress",
                "Escalated": "in-progress", "Won't Do": "closed", "Won't Fix": "closed", "Offen": "open",
                "Zu erledigen": "open", "In Arbeit": "in-progress", "Fertig": "closed", "Erledigt": "closed",
                "À faire": "open", "En cours": "in-progress", "Terminé": "closed", "Fermée": "closed",
                "Por hacer": "open", "En curso": "in-progress", "Finalizada": "closed", "Cerrada": "closed",
            },
        },
    ),
    comment=_comment,
    without=folded_all(
        "Issue id|Work item id|Vorgangs-ID|Assignee Id|Reporter Id|Creator Id|Last Viewed|Zuletzt angesehen|Votes|Work Ratio|"
        "Project type|Project lead|Project lead id|Project description|Project url|Watchers Id"
    ),
)  # fmt: skip
