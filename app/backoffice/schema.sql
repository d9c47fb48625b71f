-- The back office's own database. Money is kept as exact decimal text, times as ISO 8601 in UTC.

CREATE TABLE players (
  id           TEXT PRIMARY KEY,
  brand        TEXT NOT NULL,
  email_folded TEXT NOT NULL,           -- case-folded: people type their address as they like
  profile      TEXT NOT NULL CHECK (json_valid(profile)),  -- as GET /v1/players/{id} answers it
  UNIQUE (brand, email_folded)
) STRICT;

CREATE TABLE responsible_gaming (
  player_id TEXT PRIMARY KEY REFERENCES players (id),
  state     TEXT NOT NULL CHECK (json_valid(state))
) STRICT;

CREATE TABLE kyc (
  player_id TEXT PRIMARY KEY REFERENCES players (id),
  status    TEXT,
  level     TEXT
) STRICT;

CREATE TABLE deposits (
  id        TEXT PRIMARY KEY,
  player_id TEXT NOT NULL REFERENCES players (id),
  amount    TEXT NOT NULL,
  currency  TEXT NOT NULL,
  at        TEXT NOT NULL
) STRICT;
CREATE INDEX deposits_of_player ON deposits (player_id, at);

CREATE TABLE bonus_templates (
  brand TEXT NOT NULL,
  name  TEXT NOT NULL,                  -- case-sensitive
  PRIMARY KEY (brand, name)
) STRICT;

CREATE TABLE bonuses (
  id              TEXT PRIMARY KEY,
  idempotency_key TEXT NOT NULL UNIQUE, -- what makes a repeated order one bonus
  request         TEXT NOT NULL,        -- canonical JSON of the order, to tell a repetition from another order
  player_id       TEXT NOT NULL REFERENCES players (id),
  brand           TEXT NOT NULL,
  decision_id     TEXT NOT NULL,
  reward          TEXT NOT NULL CHECK (json_valid(reward)),
  reason          TEXT NOT NULL,
  at              TEXT NOT NULL
) STRICT;
CREATE INDEX bonuses_of_player ON bonuses (player_id);

CREATE TABLE messages (
  id    TEXT PRIMARY KEY,               -- the sender's webhook-id: a repeated one is dropped
  topic TEXT NOT NULL,
  body  TEXT NOT NULL CHECK (json_valid(body)),
  at    TEXT NOT NULL
) STRICT;

-- What has changed since the seed, for people who want to see which rows an action touched.
CREATE TABLE changes (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  table_name TEXT NOT NULL,
  row_id     TEXT NOT NULL,
  before     TEXT,
  after      TEXT
) STRICT;

CREATE TRIGGER changes_are_not_edited BEFORE UPDATE ON changes
BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END;
CREATE TRIGGER changes_are_not_deleted BEFORE DELETE ON changes
BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END;

CREATE TRIGGER player_changed AFTER UPDATE OF profile ON players WHEN OLD.profile <> NEW.profile
BEGIN
  INSERT INTO changes (table_name, row_id, before, after)
  VALUES ('players', NEW.id, json_object('kpi', json_extract(OLD.profile, '$.kpi')),
          json_object('kpi', json_extract(NEW.profile, '$.kpi')));
END;

CREATE TRIGGER bonus_granted AFTER INSERT ON bonuses
BEGIN
  INSERT INTO changes (table_name, row_id, before, after)
  VALUES ('bonuses', NEW.id, NULL,
          json_object('id', NEW.id, 'player_id', NEW.player_id, 'brand', NEW.brand, 'decision_id', NEW.decision_id,
                      'idempotency_key', NEW.idempotency_key, 'reward', json(NEW.reward), 'reason', NEW.reason,
                      'at', NEW.at));
END;

CREATE TRIGGER message_received AFTER INSERT ON messages
BEGIN
  INSERT INTO changes (table_name, row_id, before, after)
  VALUES ('messages', NEW.id, NULL, json_object('id', NEW.id, 'topic', NEW.topic, 'body', json(NEW.body), 'at', NEW.at));
END;
