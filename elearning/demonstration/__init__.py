"""The demonstration: one administration, one account for each role, and a run of DIAN's size with its history.

Everything is deterministic: two installations show the same names, dates and figures. Names are combined at random
from common given names and surnames; they mean nobody. The sizes and dates of the run are those that Colombia's
customs administration published for its virtual diploma of 2020 (WCO Integrity Newsletter, 19th issue).
"""
