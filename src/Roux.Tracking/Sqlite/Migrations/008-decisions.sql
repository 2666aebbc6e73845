-- What people decided about what checks found.

-- A finding that is known and put up with: the same check about the same columns of the same subject, in any run of the experiment.
CREATE TABLE accepted_findings (
  id         INTEGER PRIMARY KEY,
  experiment INTEGER NOT NULL REFERENCES experiments(id),
  subject    TEXT NOT NULL,             -- the tag roux.subject of the run; '' without
  check_name TEXT NOT NULL,
  columns    TEXT NOT NULL,             -- as in findings
  reason     TEXT NOT NULL,
  actor      TEXT NOT NULL,
  time       INTEGER NOT NULL
);
CREATE INDEX accepted_findings_by_experiment ON accepted_findings (experiment, check_name);

-- What the label of a row is, as somebody has seen for themselves: the given one, or another.
CREATE TABLE label_decisions (
  id      INTEGER PRIMARY KEY,
  project TEXT NOT NULL,
  digest  TEXT NOT NULL,                -- of the data
  target  TEXT NOT NULL,                -- the column
  place   INTEGER NOT NULL,             -- of the row in the data, from 1
  given   TEXT NOT NULL,
  decided TEXT NOT NULL,
  actor   TEXT NOT NULL,
  time    INTEGER NOT NULL
);
CREATE INDEX label_decisions_by_digest ON label_decisions (digest, place);
