"""`python -m ingestion.contract` writes the files that are generated from the contract."""

from pathlib import Path

from ingestion.contract.generated import write

if __name__ == "__main__":
    write(Path(__file__).resolve().parents[2])
