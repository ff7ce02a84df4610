"""Generated from the contract: answers, error classes, tables."""
