"""What can be wrong with what people bring into the catalog; every message is meant for them."""


class CatalogError(Exception):
    """Base of the catalog's errors."""


class ImageRefused(CatalogError):  # noqa: N818  # reads as what happened
    """A picture that is not taken, with the reason in one plain sentence."""


class RowRefused(CatalogError):  # noqa: N818  # as above
    """A row of an import that is set aside, with the reason in one plain sentence."""


class ImportRefused(CatalogError):  # noqa: N818  # as above
    """A file that cannot be imported at all, with what to do about it."""
