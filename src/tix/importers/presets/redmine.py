"""Redmine, the CSV export of the list of issues ("all columns", with the description)."""

from __future__ import annotations

from tix.importers.tables.layout import Layout
from tix.importers.tables.preset import Preset, folded_all, named

PRESET = Preset(
    "redmine-csv",
    "Redmine, CSV export",
    named(
        {
            "ref": "#",
            "subject": "Subject|Thema|Sujet|Asunto|Тема",
            "body": "Description|Beschreibung|Descripción|Описание",
            "status": "Status|Statut|Estado|Статус",
            "priority": "Priority|Priorität|Priorité|Prioridad|Приоритет",
            "type": "Tracker|Трекер",
            "requester": "Author|Autor|Auteur|Автор",
            "assignee": "Assignee|Zugewiesen an|Assigné à|Asignado a|Назначена",
            "category": "Category|Kategorie|Catégorie|Categoría|Категория",
            "created_at": "Created|Angelegt|Créé|Creado|Создано",
            "updated_at": "Updated|Aktualisiert|Mis-à-jour|Actualizado|Обновлено",
            "closed_at": "Closed|Geschlossen|Fermé|Cerrada|Закрыта",
            "due_at": "Due date|Abgabedatum|Echéance|Fecha fin|Дата выполнения",
            "comment": "Last notes|Letzte Kommentare",
            "link.child": "Parent task|Übergeordnete Aufgabe",
        }
    ),
    folded_all("#"),
    "redmine",
    layout=Layout(
        words={
            "status": {"Feedback": "on-hold", "Neu": "open", "In Bearbeitung": "in-progress", "Gelöst": "resolved",
                       "Erledigt": "closed", "Abgewiesen": "closed", "Nouveau": "open", "En cours": "in-progress",
                       "Résolu": "resolved", "Fermé": "closed", "Rejeté": "closed", "Новая": "open",
                       "В работе": "in-progress", "Решена": "resolved", "Закрыта": "closed", "Отклонена": "closed"},
            "priority": {"Niedrig": "low", "Hoch": "high", "Dringend": "urgent", "Sofort": "urgent", "Bas": "low",
                         "Haut": "high", "Низкий": "low", "Нормальный": "medium", "Высокий": "high",
                         "Срочный": "urgent", "Немедленный": "urgent"},
        },
    ),
    without=folded_all("Parent task subject|Last updated by"),
)  # fmt: skip
