"""Changes of the corp's address book. Since August 2022 they carry little more than ids."""

from dataclasses import dataclass

from bot.wecom.inbound import Builder, Head, Inbound, Unknown, canonical_userid
from bot.wecom.markup import Node


@dataclass(frozen=True, slots=True)
class MemberChanged(Inbound):
    """A person came, changed or left; `new_userid` is "" unless the userid itself changed.

    `change` is create_user, update_user or delete_user; empty fields were not sent.
    """

    change: str
    member: str
    new_userid: str
    name: str
    departments: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class DepartmentChanged(Inbound):
    """A department came, changed or left (create_party, update_party, delete_party)."""

    change: str
    department: str
    name: str
    parent: str


@dataclass(frozen=True, slots=True)
class TagChanged(Inbound):
    """A tag gained or lost members or departments (update_tag)."""

    tag: str
    added_members: tuple[str, ...]
    removed_members: tuple[str, ...]
    added_departments: tuple[str, ...]
    removed_departments: tuple[str, ...]


def contact_changed(head: Head, root: Node) -> Inbound:
    """Return the change by its ChangeType; an unknown one is Unknown."""
    change = root.text("ChangeType")
    build = _BY_CHANGE.get(change)
    return build(head, root) if build else Unknown(head)


def _member(head: Head, root: Node) -> Inbound:
    return MemberChanged(
        head,
        root.text("ChangeType"),
        canonical_userid(root.text("UserID")),
        canonical_userid(root.text("NewUserID")),
        root.text("Name"),
        _parts(root.text("Department")),
        root.text("Status"),
    )


def _department(head: Head, root: Node) -> Inbound:
    return DepartmentChanged(
        head, root.text("ChangeType"), root.text("Id"), root.text("Name"), root.text("ParentId")
    )


def _tag(head: Head, root: Node) -> Inbound:
    return TagChanged(
        head,
        root.text("TagId"),
        tuple(canonical_userid(userid) for userid in _parts(root.text("AddUserItems"))),
        tuple(canonical_userid(userid) for userid in _parts(root.text("DelUserItems"))),
        _parts(root.text("AddPartyItems")),
        _parts(root.text("DelPartyItems")),
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


_BY_CHANGE: dict[str, Builder] = {
    "create_user": _member,
    "update_user": _member,
    "delete_user": _member,
    "create_party": _department,
    "update_party": _department,
    "delete_party": _department,
    "update_tag": _tag,
}
