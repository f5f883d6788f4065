"""The question bank: what a question is, where it is kept, how one is drawn and how an answer is graded.

Pure: nothing in this package knows about people, platforms, databases or clocks.
"""
