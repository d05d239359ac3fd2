"""Deciding: details, questions, stock, delivery and reviews of products, and what the shop itself has answered.

Its parts are imported by their own names: finding uses the reviews' summaries, and deciding the search.
"""
