"""Judging a collection's answers, and learning from judgments: measures, tuned weights, a re-ranker."""
