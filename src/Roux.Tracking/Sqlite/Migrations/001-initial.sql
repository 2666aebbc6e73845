-- Times are milliseconds since 1970-01-01T00:00:00Z. Runs and keys have integer keys inside the store; only runs.run_id leaves it.

CREATE TABLE experiments (
  id      INTEGER PRIMARY KEY,
  name    TEXT NOT NULL UNIQUE,
  created INTEGER NOT NULL,
  deleted INTEGER
);

CREATE TABLE experiment_tags (
  experiment INTEGER NOT NULL REFERENCES experiments(id),
  name       TEXT NOT NULL,
  value      TEXT NOT NULL,
  PRIMARY KEY (experiment, name)
) WITHOUT ROWID;

CREATE TABLE runs (
  id         INTEGER PRIMARY KEY,
  run_id     TEXT NOT NULL UNIQUE,
  experiment INTEGER NOT NULL REFERENCES experiments(id),
  parent     INTEGER REFERENCES runs(id),
  name       TEXT NOT NULL,
  status     INTEGER NOT NULL,          -- RunStatus
  started    INTEGER NOT NULL,
  ended      INTEGER,
  deleted    INTEGER,
  error      TEXT,
  owner      TEXT                       -- host, process and its start, while the run is open
);
CREATE INDEX runs_by_start      ON runs (started);
CREATE INDEX runs_by_name       ON runs (name);
CREATE INDEX runs_by_experiment ON runs (experiment, started);
CREATE INDEX runs_by_parent     ON runs (parent) WHERE parent IS NOT NULL;
CREATE INDEX runs_open          ON runs (owner) WHERE owner IS NOT NULL;

-- Names of params, tags and metrics.
CREATE TABLE keys (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

CREATE TABLE params (
  run   INTEGER NOT NULL REFERENCES runs(id),
  key   INTEGER NOT NULL REFERENCES keys(id),
  value TEXT NOT NULL,
  PRIMARY KEY (run, key)
) WITHOUT ROWID;
CREATE INDEX params_by_value ON params (key, value);

CREATE TABLE tags (
  run   INTEGER NOT NULL REFERENCES runs(id),
  key   INTEGER NOT NULL REFERENCES keys(id),
  value TEXT NOT NULL,
  PRIMARY KEY (run, key)
) WITHOUT ROWID;
CREATE INDEX tags_by_value ON tags (key, value);

-- A metric's points, many to a row; the order of ids is the order logged. The format of points is in Metrics/MetricChunk.cs.
CREATE TABLE metric_chunks (
  id       INTEGER PRIMARY KEY,
  run      INTEGER NOT NULL REFERENCES runs(id),
  key      INTEGER NOT NULL REFERENCES keys(id),
  count    INTEGER NOT NULL,
  min_step INTEGER NOT NULL,
  max_step INTEGER NOT NULL,
  min_time INTEGER NOT NULL,
  max_time INTEGER NOT NULL,
  points   BLOB NOT NULL
);
CREATE INDEX chunks_by_series ON metric_chunks (run, key);

-- The point of the greatest step, then time, then value. NaN is stored as NULL and counts as less than any number.
CREATE TABLE latest_metrics (
  run   INTEGER NOT NULL REFERENCES runs(id),
  key   INTEGER NOT NULL REFERENCES keys(id),
  step  INTEGER NOT NULL,
  time  INTEGER NOT NULL,
  value REAL,
  PRIMARY KEY (run, key)
) WITHOUT ROWID;
CREATE INDEX latest_by_value ON latest_metrics (key, value);

CREATE TABLE datasets (
  id      INTEGER PRIMARY KEY,
  name    TEXT NOT NULL,
  digest  TEXT NOT NULL,
  source  TEXT NOT NULL,
  bytes   INTEGER,
  rows    INTEGER,
  schema  TEXT,
  UNIQUE (name, digest, source)
);
CREATE INDEX datasets_by_digest ON datasets (digest);

CREATE TABLE run_datasets (
  run     INTEGER NOT NULL REFERENCES runs(id),
  dataset INTEGER NOT NULL REFERENCES datasets(id),
  context TEXT NOT NULL,
  PRIMARY KEY (run, dataset, context)
) WITHOUT ROWID;
CREATE INDEX runs_by_dataset ON run_datasets (dataset);

CREATE TABLE findings (
  id         INTEGER PRIMARY KEY,
  run        INTEGER NOT NULL REFERENCES runs(id),
  check_name TEXT NOT NULL,
  severity   INTEGER NOT NULL,          -- Severity
  message    TEXT NOT NULL,
  columns    TEXT NOT NULL,             -- JSON array of names
  evidence   TEXT,                      -- JSON object
  cause      TEXT NOT NULL,
  fix        TEXT NOT NULL,
  verify     TEXT NOT NULL
);
CREATE INDEX findings_by_run ON findings (run);

CREATE TABLE warnings (
  id      INTEGER PRIMARY KEY,
  run     INTEGER NOT NULL REFERENCES runs(id),
  time    INTEGER NOT NULL,
  message TEXT NOT NULL
);
CREATE INDEX warnings_by_run ON warnings (run);

CREATE TABLE models (
  id           INTEGER PRIMARY KEY,
  name         TEXT NOT NULL UNIQUE,
  description  TEXT NOT NULL DEFAULT '',
  last_version INTEGER NOT NULL DEFAULT 0,  -- numbers are never used twice
  created      INTEGER NOT NULL,
  updated      INTEGER NOT NULL
);

CREATE TABLE model_tags (
  model INTEGER NOT NULL REFERENCES models(id),
  name  TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (model, name)
) WITHOUT ROWID;

CREATE TABLE model_versions (
  model         INTEGER NOT NULL REFERENCES models(id),
  version       INTEGER NOT NULL,
  run           INTEGER NOT NULL REFERENCES runs(id),
  artifact_path TEXT NOT NULL,
  folder        TEXT NOT NULL,          -- under artifacts/models: the registry's copy
  digest        TEXT NOT NULL,
  bytes         INTEGER NOT NULL,
  stage         INTEGER NOT NULL,       -- ModelStage
  description   TEXT NOT NULL DEFAULT '',
  created       INTEGER NOT NULL,
  updated       INTEGER NOT NULL,
  PRIMARY KEY (model, version)
) WITHOUT ROWID;
CREATE INDEX model_versions_by_run ON model_versions (run);

CREATE TABLE model_version_tags (
  model   INTEGER NOT NULL,
  version INTEGER NOT NULL,
  name    TEXT NOT NULL,
  value   TEXT NOT NULL,
  PRIMARY KEY (model, version, name),
  FOREIGN KEY (model, version) REFERENCES model_versions(model, version)
) WITHOUT ROWID;

CREATE TABLE model_aliases (
  model   INTEGER NOT NULL,
  alias   TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (model, alias),
  FOREIGN KEY (model, version) REFERENCES model_versions(model, version)
) WITHOUT ROWID;
