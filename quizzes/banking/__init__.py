"""Banks of questions on their way in and out, in other systems' formats (docs/decisions/0027-bank-formats.md).

`quizzes.formats` turns bytes into questions and back and knows no database. Here the questions meet what is there:
`plans` says what an import would do, `importing` does it, `exporting` takes a bank out, `reports` tells both.
"""
