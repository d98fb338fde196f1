"""Whose turn it is: the questions that a queue is asked before something is sent."""

from __future__ import annotations

from git_registry.automation.rows import COLUMNS

# In turn: the registry that had to wait longest comes first, and of its automations the one that had to wait
# longest. So who has much waiting, or many automations, is not before who has little. Of a receiver that
# failed last time, only one is tried.
DUE = f"""
WITH head AS (
  SELECT d.number, d.due, a.registry, a.failures, a.tried,
    row_number() OVER (PARTITION BY a.path ORDER BY d.due, d.number) AS turn
  FROM automation AS a JOIN delivery AS d ON d.number IN (
    SELECT number FROM delivery
    WHERE state = 'queued' AND automation = a.path AND due <= ? ORDER BY due, number LIMIT ?
  )
  WHERE a.paused IS NULL AND a.held <= ?
), turns AS (
  SELECT number, due, max(tried) OVER (PARTITION BY registry) AS tried,
    row_number() OVER (PARTITION BY registry ORDER BY turn, tried, due, number) AS turn
  FROM head WHERE turn = 1 OR failures = 0
), first AS (
  SELECT number, turn, tried FROM turns JOIN delivery USING(number)
  WHERE id NOT IN (SELECT value FROM json_each(?)) ORDER BY turn, tried, turns.due, number LIMIT ?
)
SELECT {COLUMNS} FROM first JOIN delivery USING(number) ORDER BY turn, tried, due, number
"""

WAITING = """
SELECT count(*) FROM automation AS a JOIN delivery AS d ON d.automation = a.path AND d.state = 'queued'
WHERE a.registry = ?
"""

NEXT = """
SELECT min(max(held, (SELECT min(due) FROM delivery WHERE state = 'queued' AND automation = a.path)))
FROM automation AS a WHERE paused IS NULL
"""
