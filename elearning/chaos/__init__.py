"""A proof by mischief that no answer is lost and no grade doubled: `manage.py chaos --attempts 1000 --seed 7`.

A whole installation of its own, in a folder of its own that is thrown away: web server, workers, beat, broker and
cache. Learners answer and hand in over HTTP, as browsers do, again and again where the line is dead; meanwhile
workers, broker and web server are killed at moments that the seed draws. Afterwards every answer that a learner was
told is saved is looked for, and every grade is reckoned anew from the answers.
"""
