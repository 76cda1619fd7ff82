"""Language and sentiment of what people write: cleaning, detection, engines, scoring."""
