-- Who may use the server, and with what. Passwords and keys are kept as hashes only.

CREATE TABLE users (
  id       INTEGER PRIMARY KEY,
  name     TEXT NOT NULL UNIQUE,
  password TEXT,                        -- hash; NULL: no login by password
  role     INTEGER NOT NULL,            -- Role for the whole server
  issuer   TEXT,                        -- the identity provider, where the person came from one
  subject  TEXT,                        -- who the person is there
  claimed  TEXT,                        -- JSON object of project ('' for all) to Role, as the provider's claims gave at the last login
  created  INTEGER NOT NULL,
  UNIQUE (issuer, subject)
);

CREATE TABLE user_roles (
  user_id INTEGER NOT NULL REFERENCES users(id),
  project TEXT NOT NULL,
  role    INTEGER NOT NULL,
  PRIMARY KEY (user_id, project)
) WITHOUT ROWID;

CREATE TABLE credentials (
  id      INTEGER PRIMARY KEY,
  key_id  TEXT NOT NULL UNIQUE,         -- what people call it by
  user_id INTEGER NOT NULL REFERENCES users(id),
  kind    INTEGER NOT NULL,             -- CredentialKind
  name    TEXT NOT NULL,
  hash    TEXT NOT NULL UNIQUE,         -- SHA-256, in hexadecimal, of 256 random bits
  role    INTEGER NOT NULL,             -- the highest Role that it gives
  project TEXT,                         -- the only project that it gives one in; NULL: all
  created INTEGER NOT NULL,
  expires INTEGER,
  used    INTEGER
);
CREATE INDEX credentials_by_user ON credentials (user_id);

-- One row, whose number grows with each change above: servers look at it to see whether what they know still holds.
CREATE TABLE account_changes (
  id     INTEGER PRIMARY KEY,
  number INTEGER NOT NULL
);
INSERT INTO account_changes (id, number) VALUES (1, 0);

-- Keys that protect the state of logins under way, shared by all servers of the store.
CREATE TABLE protection_keys (
  name    TEXT PRIMARY KEY,
  xml     TEXT NOT NULL,
  created INTEGER NOT NULL
) WITHOUT ROWID;
