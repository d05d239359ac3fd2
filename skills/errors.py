"""What goes wrong inside a skill, with codes that do not change."""


class SkillError(Exception):
    """Base; `code` is stable and machine-readable, the message is fit to be shown."""

    code = "skill_failed"


class CatalogueError(SkillError):
    """A catalogue file has a row that cannot be used; names the file, the line and the field."""

    code = "catalogue_invalid"


class UnknownActionError(SkillError):
    """The dialogue asked for an action that no skill offers."""

    code = "action_unknown"
