"""Trees to typed values: the least bent reading of a candidate under a type, with every bend on record.

compile    a JSON Schema becomes plans, once          plan       what every plan can do
records · fields · keys   lists · listed   maps   unions   choices   figures   texts   anything    the plans
ledger     the account: mark, try, roll back or keep
fitting    one candidate under one plan, and whether to believe it
choose · evidence · contrast · rivals · prose · reasons   from all candidates to the one reading, or why there is none
spelling · numerals · dates · mentions · announced · declines    what words say
"""
