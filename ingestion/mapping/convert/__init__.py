"""Text into typed values of the contract: numbers, times, and what a column demands of them."""
