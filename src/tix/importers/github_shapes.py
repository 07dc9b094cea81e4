"""The shapes in which GitHub's issues are printed, as one: issues with lists in them.

They are arrays, pages, searches (``{"items": […]}``), and answers of the GraphQL API, where every list is a connection
(``{"nodes": […], "totalCount": 3}``, or ``edges``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from tix.importers.fields import Record
from tix.typing import Any

_NUMBER = re.compile(r"/(?:issues|pull|pulls)/(?P<number>[0-9]{1,15})(?:[/?#]|$)")
_DEEPEST = 8  # data, repository, issues, edges, node
_EVENTS = {"ClosedEvent": "closed", "ReopenedEvent": "reopened", "MergedEvent": "merged"}
# What `gh --json` prints for issues, pull requests and searches, in the order of the alphabet.
_PRINTED = frozenset(
    """
    additions assignees author authorAssociation autoMergeRequest baseRefName baseRefOid body changedFiles closed closedAt
    closedByPullRequestsReferences closingIssuesReferences comments commentsCount commits createdAt deletions files
    fullDatabaseId headRefName headRefOid headRepository headRepositoryOwner id isCrossRepository isDraft isLocked
    isPinned isPullRequest issueType labels latestReviews maintainerCanModify mergeCommit mergeStateStatus mergeable
    mergedAt mergedBy milestone number potentialMergeCommit projectCards projectItems reactionGroups repository
    reviewDecision reviewRequests reviews state stateReason statusCheckRollup title type updatedAt url
    """.split()
)


def is_printed(keys: Iterable[str]) -> bool:
    """Return whether an object with these keys, which may not be all, is an issue as ``gh --json`` prints it.

    Its keys are sorted, so a long text comes before the number.
    """
    found = set(keys)
    told = found & {"author", "body", "assignees", "comments", "createdAt", "closedAt", "stateReason"}
    return found <= _PRINTED and (len(told) > 1 or ({"title", "url"} <= found and bool(told)))


def issues(items: Iterable[object]) -> Iterator[object]:
    """Yield the issues in arrays, pages, searches and GraphQL answers."""
    for item in items:
        if isinstance(item, list):
            yield from issues(item)
        elif not isinstance(item, dict) or "number" in item or "title" in item:
            yield item
        elif isinstance(item.get("items"), list):
            yield from item["items"]
        elif isinstance(item.get("data"), dict):
            yield from _found(item["data"], None, 0)
        elif isinstance(item.get("node"), dict):
            yield item["node"]
        else:
            yield item


def _found(value: Record, repository: object, depth: int) -> Iterator[object]:
    """Yield the issues of an answer; ``repository`` is the one they stand in, which they may not name."""
    if depth > _DEEPEST:
        return
    if "title" in value and ("number" in value or "url" in value):
        yield {**value, "repository": value.get("repository", repository)}
        return
    named = value if "nameWithOwner" in value else repository
    for inside in value.values():
        if isinstance(inside, dict):
            yield from _found(inside, named, depth + 1)
        elif isinstance(inside, list):
            for one in inside:
                if isinstance(one, dict):
                    yield from _found(one, named, depth + 1)


def plain(issue: Record) -> Record:
    """Return an issue with lists where GraphQL has connections, its events as the REST API has them, and its number."""
    if not any(isinstance(value, dict) for value in issue.values()):
        return _numbered(issue)
    found = {name: connected(value) for name, value in issue.items()}
    items = found.get("timelineItems")
    if isinstance(items, list) and "timeline" not in found:
        found["timeline"] = [
            {**one, "event": _EVENTS.get(str(one.get("__typename")))}
            for one in items
            if isinstance(one, dict)
        ]
    comments = issue.get("comments")
    if isinstance(found.get("reviews"), list):
        found["reviews"] = [
            {**one, "comments": connected(one.get("comments"))} if isinstance(one, dict) else one
            for one in found["reviews"]
        ]
    if isinstance(comments, dict) and not isinstance(found.get("comments"), list):
        found["comments"] = comments.get("totalCount")
    return _numbered(found)


def _numbered(issue: Record) -> Record:
    if issue.get("number") is not None:
        return issue
    for name in ("html_url", "url"):
        address = issue.get(name)
        if isinstance(address, str) and (number := _NUMBER.search(address)):
            return {**issue, "number": int(number["number"])}
    return issue


def connected(value: Any) -> Any:
    """Return the list of a connection; any other value as it is."""
    if not isinstance(value, Mapping):
        return value
    if isinstance(value.get("nodes"), list):
        return [one for one in value["nodes"] if one is not None]
    if isinstance(value.get("edges"), list):
        return [one.get("node") for one in value["edges"] if isinstance(one, dict) and one.get("node")]
    return value


def comments_elsewhere(item: object) -> int:
    """Return how many comments a record counts but does not contain."""
    if not isinstance(item, dict):
        return 0
    told = item.get("comments")
    held = connected(told)
    count = told.get("totalCount") if isinstance(told, dict) else told
    if not isinstance(held, list) and type(count) is not int:
        count = item.get("commentsCount")
    missing: int = (count if type(count) is int else 0) - (len(held) if isinstance(held, list) else 0)
    return max(missing, 0)
