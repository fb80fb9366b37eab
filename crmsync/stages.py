"""What a stage means: from the record, else from the dictionary, else nobody knows."""

from crmsync.models import Portal, SemanticsSource, Stage

Key = tuple[int, int, str]


class Stages:
    """The stages of one portal by entity, pipeline and code."""

    def __init__(self, portal: Portal) -> None:
        rows = Stage.objects.filter(portal=portal).values_list(
            "entity", "pipeline_external_id", "external_id", "semantics"
        )
        self.meanings: dict[Key, str] = {(entity, pipeline, code): found for entity, pipeline, code, found in rows}

    def resolve(self, told: str, *, entity: int, pipeline: int, code: str) -> tuple[str, str]:
        """Give the meaning (P, S or F) and where it is known from; in progress where neither knows."""
        if told:
            return told, SemanticsSource.RECORD
        # Some portals list a pipeline's stages without the C7: prefix that its deals carry.
        for candidate in (code, code.partition(":")[2]):
            if found := self.meanings.get((entity, pipeline, candidate)):
                return found, SemanticsSource.DICTIONARY
        return "P", SemanticsSource.UNKNOWN
