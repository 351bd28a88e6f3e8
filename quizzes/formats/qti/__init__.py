"""QTI 2.1, 2.2 and 3.0 of 1EdTech: items and packages of them, read and written.

https://www.imsglobal.org/question/qtiv2p2/imsqti_v2p2_infov1p0.html (information model of 2.2),
https://www.imsglobal.org/spec/qti/v3p0/impl (3.0), https://www.imsglobal.org/content/packaging/ (the package).

Version 3 has the same parts under other names: `qti-choice-interaction max-choices` is `choiceInteraction maxChoices`.
Everything here speaks the names of version 2 (quizzes.formats.qti.names).
"""
