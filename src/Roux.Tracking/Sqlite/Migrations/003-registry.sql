-- What a version is made of, the rules it must pass, who agreed, what happened, and who is told.

ALTER TABLE models ADD COLUMN gates TEXT;                   -- rules demanded on promotion, as JSON; NULL: none
ALTER TABLE model_versions ADD COLUMN signature TEXT;       -- JSON of inputs and outputs; NULL: not known
ALTER TABLE model_versions ADD COLUMN lineage TEXT;         -- JSON of run, code and data as they were when it was registered
ALTER TABLE model_versions ADD COLUMN registered_by TEXT;   -- NULL: registered before this was recorded

-- A version is what it was registered as.
CREATE TRIGGER model_versions_are_immutable BEFORE UPDATE OF artifact_path, source, folder, digest, bytes, signature, lineage, registered_by, created ON model_versions
BEGIN SELECT RAISE(ABORT, 'a registered version does not change'); END;

CREATE TABLE gate_results (
  id             INTEGER PRIMARY KEY,
  model          INTEGER NOT NULL REFERENCES models(id),
  version        INTEGER NOT NULL,
  version_digest TEXT NOT NULL,
  rules_digest   TEXT NOT NULL,
  passed         INTEGER NOT NULL,
  time           INTEGER NOT NULL,
  actor          TEXT NOT NULL,
  document       TEXT NOT NULL           -- JSON: every rule with its verdict, numbers and reason
);
CREATE INDEX gate_results_by_version ON gate_results (model, version, id);

CREATE TABLE approvals (
  id      INTEGER PRIMARY KEY,
  model   INTEGER NOT NULL REFERENCES models(id),
  version INTEGER NOT NULL,
  actor   TEXT NOT NULL,
  reason  TEXT NOT NULL,
  time    INTEGER NOT NULL,
  UNIQUE (model, version, actor)
);

-- Append-only: each entry holds the hash of the one before it. The format of the hash is in Registry/Audit/AuditHash.cs.
CREATE TABLE audit_log (
  id       INTEGER PRIMARY KEY,          -- 1, 2, 3, … without gaps
  time     INTEGER NOT NULL,
  actor    TEXT NOT NULL,
  action   TEXT NOT NULL,
  model    TEXT,
  version  INTEGER,
  before   TEXT,                         -- JSON
  after    TEXT,                         -- JSON
  previous TEXT NOT NULL,
  hash     TEXT NOT NULL
);
CREATE INDEX audit_log_by_model ON audit_log (model, id);
CREATE TRIGGER audit_log_keeps_entries BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_log_loses_none BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_log_has_no_gaps BEFORE INSERT ON audit_log WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM audit_log)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- The end of the chain; writers take turns at this row.
CREATE TABLE audit_head (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  entries INTEGER NOT NULL,
  hash    TEXT NOT NULL
);
INSERT INTO audit_head (id, entries, hash) VALUES (1, 0, '');

CREATE TABLE webhooks (
  id         INTEGER PRIMARY KEY,
  webhook_id TEXT NOT NULL UNIQUE,
  url        TEXT NOT NULL,
  events     TEXT NOT NULL,              -- JSON array of names
  model      TEXT,                       -- NULL: all models
  secret     TEXT NOT NULL,
  created    INTEGER NOT NULL,
  created_by TEXT NOT NULL
);

CREATE TABLE webhook_deliveries (
  id          INTEGER PRIMARY KEY,
  delivery_id TEXT NOT NULL UNIQUE,
  webhook     INTEGER NOT NULL REFERENCES webhooks(id),
  event       TEXT NOT NULL,
  body        TEXT NOT NULL,
  created     INTEGER NOT NULL,
  state       INTEGER NOT NULL,          -- DeliveryState
  attempts    INTEGER NOT NULL,
  due         INTEGER,                   -- when it is tried next; NULL: never again
  status      INTEGER,                   -- of the last answer
  error       TEXT,                      -- of the last attempt
  ended       INTEGER
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due) WHERE due IS NOT NULL;
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook, id);
