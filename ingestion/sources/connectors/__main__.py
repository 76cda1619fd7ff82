"""`python -m ingestion.sources.connectors` writes the table of connectors in the documents."""

from pathlib import Path

from ingestion.sources.connectors.description import write

if __name__ == "__main__":
    write(Path(__file__).resolve().parents[3])
