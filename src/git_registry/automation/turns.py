"""Whose turn it is: the questions that a queue is asked before something is sent."""

from __future__ import annotations

from git_registry.automation.rows import COLUMNS

# In turn: the registry that had to wait longest comes first, and of its automations the one that had to wait
# longest; what is being tried has had its turn. So who has much waiting, or many automations, is not before
# who has little. Of a receiver that failed last time, only one is tried. Of a registry, no more automations
# are looked at closely than can have their turn.
DUE = f"""
WITH known AS MATERIALIZED (
  SELECT d.id, d.automation, a.registry
  FROM json_each(:known) AS one JOIN delivery AS d ON d.id = one.value
    JOIN automation AS a ON a.path = d.automation
), ready AS (
  SELECT path, registry, failures, tried, max(tried) OVER (PARTITION BY registry) AS served,
    row_number() OVER (PARTITION BY registry ORDER BY tried, path) AS place
  FROM automation AS a
  WHERE paused IS NULL AND held <= :now AND EXISTS (
    SELECT 1 FROM delivery WHERE state = 'queued' AND automation = a.path AND due <= :now
  )
), head AS (
  SELECT d.number, d.due, r.registry, r.failures, r.tried, r.served,
    row_number() OVER (PARTITION BY r.path ORDER BY d.due, d.number)
      + (SELECT count(*) FROM known WHERE automation = r.path) AS turn
  FROM ready AS r JOIN delivery AS d ON d.number IN (
    SELECT number FROM delivery
    WHERE state = 'queued' AND automation = r.path AND due <= :now AND id NOT IN (SELECT id FROM known)
    ORDER BY due, number LIMIT :each
  )
  WHERE r.place <= :most + (SELECT count(*) FROM known)
), turns AS (
  SELECT number, due, served,
    row_number() OVER (PARTITION BY registry ORDER BY turn, tried, due, number)
      + (SELECT count(*) FROM known WHERE registry = head.registry) AS turn
  FROM head WHERE turn = 1 OR failures = 0
), first AS (SELECT number, turn, served FROM turns ORDER BY turn, served, due, number LIMIT :most)
SELECT {COLUMNS} FROM first JOIN delivery USING(number) ORDER BY turn, served, due, number
"""

WAITING = """
SELECT count(*) FROM automation AS a JOIN delivery AS d ON d.automation = a.path AND d.state = 'queued'
WHERE a.registry = ?
"""

_OF_REGISTRY = "automation >= ?1 || '/' AND automation < ?1 || '0'"  # 0 comes after the slash

TAKEN = f"SELECT total(size) FROM delivery WHERE {_OF_REGISTRY}"
"""The bytes that a registry's deliveries take."""

DELIVERED_ONES = f"""
SELECT number, size FROM delivery WHERE {_OF_REGISTRY} AND state = 'delivered' ORDER BY changed, number
"""

NEXT = """
SELECT min(max(held, (SELECT min(due) FROM delivery WHERE state = 'queued' AND automation = a.path)))
FROM automation AS a WHERE paused IS NULL
"""
