"""Item analysis: what the answers of many learners say about the questions.

`gathering` takes attempts in chunks and makes arrays of them; `statistics` describes each item and the whole quiz;
`dif` compares an item between languages; `report` does all of it; `results` are the figures as they are stored; and
`sentences` says in words what the codes in them mean. All but the last are pure: no ORM, no clock, no framework.
"""
