"""What the portal answers instead of a result: a status, a code and a text."""


class RestError(Exception):
    """An error envelope in the making."""

    def __init__(self, status: int, code: str | int, description: str) -> None:
        super().__init__(f"{status} {code}: {description}")
        self.status = status
        self.code = code
        self.description = description

    def body(self) -> dict[str, str | int]:
        """Return the two keys of an error envelope."""
        return {"error": self.code, "error_description": self.description}


def invalid_argument(description: str) -> RestError:
    """Make the error crm.item.* gives for an unknown field or a value it cannot read."""
    return RestError(400, "INVALID_ARG_VALUE", description)
