"""`split` and `unpivot` of an entity in concord.toml: what makes several records of one."""

from typing import Self

from pydantic import Field, model_validator

from ingestion.mapping.declarations import Split, Unpivot
from ingestion.sections import Section, wrong


class SplitSection(Section):
    """`split = {...}` of an entity."""

    column: str = Field(description="the column that holds several values")
    separator: str = Field(min_length=1, description='what stands between them, such as ";"')

    def mapping(self) -> Split:
        """Return it as the mapping language has it."""
        return Split(self.column, self.separator)


class UnpivotSection(Section):
    """`unpivot = {...}` of an entity."""

    columns: list[str] = Field(min_length=2, description="the columns that hold one kind of value")
    name: str = Field(description="what the mapping calls the column's name")
    value: str = Field(description="what the mapping calls the column's value")

    @model_validator(mode="after")
    def _tell_apart(self) -> Self:
        if self.name == self.value:
            raise wrong(f"calls both name and value {self.name!r}", "Give them different names")
        if len(set(self.columns)) < len(self.columns):
            raise wrong("names a column twice", "Name each once: it would be counted twice")
        return self

    def mapping(self) -> Unpivot:
        """Return it as the mapping language has it."""
        return Unpivot(tuple(self.columns), self.name, self.value)
