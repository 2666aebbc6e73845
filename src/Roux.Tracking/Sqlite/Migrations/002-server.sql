-- What a server's clients log beyond the embedded API.

ALTER TABLE experiments ADD COLUMN updated INTEGER;       -- NULL: as created
ALTER TABLE runs ADD COLUMN user_id TEXT;                 -- who, as the client says
ALTER TABLE datasets ADD COLUMN source_type TEXT;         -- NULL: source is a path or URL, else JSON of that type
ALTER TABLE datasets ADD COLUMN profile TEXT;
ALTER TABLE run_datasets ADD COLUMN tags TEXT;            -- JSON object of tags beside the context

-- A version may come from a logged model without a run.
CREATE TABLE model_versions_new (
  model         INTEGER NOT NULL REFERENCES models(id),
  version       INTEGER NOT NULL,
  run           INTEGER REFERENCES runs(id),
  artifact_path TEXT NOT NULL,          -- among the artifacts of the run, or of the logged model
  source        TEXT,                   -- as the client gave it; NULL: that path of that run
  run_link      TEXT,
  folder        TEXT NOT NULL,          -- under artifacts/models: the registry's copy
  digest        TEXT NOT NULL,
  bytes         INTEGER NOT NULL,
  stage         INTEGER NOT NULL,       -- ModelStage
  description   TEXT NOT NULL DEFAULT '',
  created       INTEGER NOT NULL,
  updated       INTEGER NOT NULL,
  PRIMARY KEY (model, version)
) WITHOUT ROWID;
INSERT INTO model_versions_new (model, version, run, artifact_path, folder, digest, bytes, stage, description, created, updated)
  SELECT model, version, run, artifact_path, folder, digest, bytes, stage, description, created, updated FROM model_versions;
DROP TABLE model_versions;
ALTER TABLE model_versions_new RENAME TO model_versions;
CREATE INDEX model_versions_by_run ON model_versions (run);

CREATE TABLE logged_models (
  id             INTEGER PRIMARY KEY,
  model_id       TEXT NOT NULL UNIQUE,
  experiment     INTEGER NOT NULL REFERENCES experiments(id),
  run            INTEGER REFERENCES runs(id),
  name           TEXT NOT NULL,
  model_type     TEXT,
  status         INTEGER NOT NULL,      -- LoggedModelStatus
  status_message TEXT,
  created        INTEGER NOT NULL,
  updated        INTEGER NOT NULL,
  deleted        INTEGER
);
CREATE INDEX logged_models_by_experiment ON logged_models (experiment, created);
CREATE INDEX logged_models_by_run ON logged_models (run) WHERE run IS NOT NULL;

CREATE TABLE logged_model_params (
  model INTEGER NOT NULL REFERENCES logged_models(id),
  name  TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (model, name)
) WITHOUT ROWID;

CREATE TABLE logged_model_tags (
  model INTEGER NOT NULL REFERENCES logged_models(id),
  name  TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (model, name)
) WITHOUT ROWID;

-- Metrics of runs that name the model they judge. NaN is stored as NULL.
CREATE TABLE logged_model_metrics (
  id             INTEGER PRIMARY KEY,
  model          INTEGER NOT NULL REFERENCES logged_models(id),
  name           TEXT NOT NULL,
  step           INTEGER NOT NULL,
  time           INTEGER NOT NULL,
  value          REAL,
  run            INTEGER NOT NULL REFERENCES runs(id),
  dataset_name   TEXT,
  dataset_digest TEXT
);
CREATE INDEX logged_model_metrics_by_model ON logged_model_metrics (model, name, step, time);

-- Logged models that a run read or made.
CREATE TABLE run_models (
  run      INTEGER NOT NULL REFERENCES runs(id),
  is_input INTEGER NOT NULL,
  model    INTEGER NOT NULL REFERENCES logged_models(id),
  step     INTEGER NOT NULL,
  PRIMARY KEY (run, is_input, model)
) WITHOUT ROWID;
