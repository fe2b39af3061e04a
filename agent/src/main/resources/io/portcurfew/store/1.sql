-- Every row carries a seal: a keyed checksum of its table and its values.
-- Times are milliseconds since 1970; lived is milliseconds that agents have run on this folder.

CREATE TABLE life (id INTEGER PRIMARY KEY, lived INTEGER NOT NULL, looked INTEGER, seal BLOB NOT NULL);

-- An alert, or a summary, as JSON that is packed.
CREATE TABLE body (id INTEGER PRIMARY KEY, json BLOB NOT NULL, seal BLOB NOT NULL);

CREATE TABLE alert (
  id TEXT PRIMARY KEY, state TEXT NOT NULL, ends INTEGER, body INTEGER NOT NULL, seal BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX alert_ends ON alert (ends);

CREATE TABLE notification (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, reason TEXT NOT NULL, host TEXT NOT NULL,
  policy TEXT NOT NULL, made INTEGER NOT NULL, lived INTEGER NOT NULL, body INTEGER NOT NULL,
  seal BLOB NOT NULL
);

-- state: pending, delivered, folded, dead.
CREATE TABLE delivery (
  receiver TEXT NOT NULL, notification INTEGER NOT NULL, state TEXT NOT NULL,
  attempts INTEGER NOT NULL, ended INTEGER, why TEXT, seal BLOB NOT NULL,
  PRIMARY KEY (receiver, notification)
) WITHOUT ROWID;
CREATE INDEX delivery_pending ON delivery (receiver, notification) WHERE state = 'pending';

-- What there ever was for a receiver: created = delivered + folded + dead + what is pending.
CREATE TABLE tally (
  receiver TEXT PRIMARY KEY, created INTEGER NOT NULL, delivered INTEGER NOT NULL,
  folded INTEGER NOT NULL, dead INTEGER NOT NULL, seal BLOB NOT NULL
) WITHOUT ROWID;

-- A listener with one set of owners: from its first sight until it was not seen any more.
CREATE TABLE sight (
  id INTEGER PRIMARY KEY, json BLOB NOT NULL, first INTEGER NOT NULL, last INTEGER, seal BLOB NOT NULL
);
CREATE INDEX sight_last ON sight (last);

-- The log that shows tampering: the hash of each entry is made of that of the one before it too.
CREATE TABLE chain (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, what TEXT NOT NULL, json TEXT NOT NULL,
  hash TEXT NOT NULL, seal BLOB NOT NULL
);
CREATE INDEX chain_at ON chain (at);

-- 0: the entry before the first one that is kept. 1: the last one.
CREATE TABLE mark (
  id INTEGER PRIMARY KEY, entry INTEGER NOT NULL, hash TEXT NOT NULL, seal BLOB NOT NULL
);

-- Written by a command beside the agent.
CREATE TABLE silence (
  id TEXT PRIMARY KEY, starts INTEGER NOT NULL, ends INTEGER NOT NULL, json TEXT NOT NULL,
  seal BLOB NOT NULL
) WITHOUT ROWID;
