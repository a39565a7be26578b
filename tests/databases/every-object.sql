-- A database with an object of every kind that PostgreSQL 15 can dump, and rows in the tables. Run by a superuser in an
-- empty UTF-8 database. Tablespaces are not in it: they need a folder, and belong to the server alone.

-- Roles and what belongs to the whole server.
CREATE ROLE keeper LOGIN PASSWORD 'keeper-secret' CONNECTION LIMIT 7 VALID UNTIL '2099-01-01 00:00:00+00';
CREATE ROLE reader NOLOGIN NOINHERIT;
CREATE ROLE "Odd Role" NOLOGIN BYPASSRLS CREATEDB;
GRANT reader TO keeper WITH ADMIN OPTION;
GRANT "Odd Role" TO reader;
ALTER ROLE keeper SET search_path = shop, "$user";
ALTER ROLE keeper IN DATABASE CURRENT_DATABASE_NAME SET work_mem = '5MB';
ALTER ROLE ALL SET "firedrill.every_role" = 'it''s set';
ALTER ROLE ALL SET search_path = "$user", public;
ALTER DATABASE CURRENT_DATABASE_NAME SET statement_timeout = '61s';
ALTER DATABASE CURRENT_DATABASE_NAME CONNECTION LIMIT 55;
COMMENT ON ROLE keeper IS 'keeps the shop';
COMMENT ON DATABASE CURRENT_DATABASE_NAME IS 'every kind of object';
GRANT SET ON PARAMETER log_min_messages TO keeper;
GRANT TEMPORARY ON DATABASE CURRENT_DATABASE_NAME TO reader;

CREATE SCHEMA shop AUTHORIZATION keeper;
CREATE SCHEMA "Odd ""Schema";
COMMENT ON SCHEMA shop IS E'two\nlines';
COMMENT ON SCHEMA public IS 'not the usual comment';
CREATE EXTENSION citext SCHEMA public;

-- Types.
CREATE TYPE shop.mood AS ENUM ('fine', 'so, so', 'it''s bad');
CREATE TYPE shop.point3 AS (x float8, y float8, label text COLLATE "C");
CREATE COLLATION shop.bytes (provider = libc, locale = 'C');
CREATE DOMAIN shop.percent AS numeric(5, 2) DEFAULT 1 CONSTRAINT within CHECK (VALUE BETWEEN 0 AND 100);
CREATE TYPE shop.text_range AS RANGE (subtype = text, collation = "C", multirange_type_name = shop.text_multirange);
CREATE TYPE shop.widget;
CREATE FUNCTION shop.widget_in(cstring) RETURNS shop.widget LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION shop.widget_out(shop.widget) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE shop.widget (INPUT = shop.widget_in, OUTPUT = shop.widget_out, LIKE = text, CATEGORY = 'S', STORAGE = extended);

-- Functions, procedures, aggregates.
CREATE FUNCTION shop.add(a int, b int DEFAULT 2) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 3 AS 'SELECT a + b';
CREATE FUNCTION shop.guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
BEGIN
  -- the guard stands behind a comment; it is not part of it
  IF NEW.note = 'forbidden' THEN RAISE EXCEPTION 'forbidden'; END IF;
  NEW.note := coalesce(NEW.note, E'\\.
--
-- Name: x; Type: TABLE; Schema: shop; Owner: postgres
--');
  RETURN NEW;
END $body$;
CREATE FUNCTION shop.atomic(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a + 1; SELECT a + 2; END;
CREATE PROCEDURE shop.tidy(INOUT removed int) LANGUAGE plpgsql AS $$ BEGIN removed := 0; END $$;
CREATE FUNCTION shop.describe(shop.mood) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'mood: ' || $1::name $$;
CREATE AGGREGATE shop.total (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', PARALLEL = safe);
CREATE FUNCTION shop.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
COMMENT ON FUNCTION shop.add(int, int) IS 'adds';

-- Casts, operators, access methods, languages, conversions, transforms.
CREATE CAST (shop.widget AS text) WITHOUT FUNCTION AS ASSIGNMENT;
CREATE CAST (shop.mood AS text) WITH FUNCTION shop.describe(shop.mood) AS ASSIGNMENT;
CREATE OPERATOR shop.<+> (LEFTARG = int, RIGHTARG = int, FUNCTION = shop.add, COMMUTATOR = OPERATOR(shop.<+>));
CREATE OPERATOR FAMILY shop.int_family USING btree;
CREATE OPERATOR CLASS shop.int_reverse FOR TYPE int USING btree FAMILY shop.int_family AS
  OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 btint4cmp(int, int);
CREATE ACCESS METHOD heap_again TYPE TABLE HANDLER heap_tableam_handler;
CREATE FUNCTION shop.call_handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE TRUSTED LANGUAGE plshop HANDLER shop.call_handler;
CREATE CONVERSION shop.from_latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));

-- Text search of all four kinds.
CREATE TEXT SEARCH PARSER shop.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE shop.template (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY shop.dictionary (TEMPLATE = shop.template, STOPWORDS = 'english');
CREATE TEXT SEARCH CONFIGURATION shop.configuration (PARSER = shop.parser);
ALTER TEXT SEARCH CONFIGURATION shop.configuration ADD MAPPING FOR asciiword, word WITH shop.dictionary, simple;

-- Tables, sequences, indexes, constraints.
CREATE SEQUENCE shop.tickets AS integer START 50 INCREMENT -5 MINVALUE -1000 MAXVALUE 60 CACHE 3 CYCLE;
CREATE UNLOGGED SEQUENCE shop.scratch_numbers;
CREATE TABLE shop.kinds (id serial PRIMARY KEY, name citext UNIQUE NOT NULL, code varchar(10) CHECK (code IN ('a', 'b, c')));
CREATE TABLE shop.items (
  id bigint GENERATED ALWAYS AS IDENTITY (START 1000 INCREMENT 7) PRIMARY KEY,
  kind integer NOT NULL REFERENCES shop.kinds ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  mood shop.mood NOT NULL DEFAULT 'fine',
  share shop.percent,
  note text COLLATE "C" CHECK (length(note) < 5000),
  doubled numeric GENERATED ALWAYS AS (share * 2) STORED,
  spot shop.point3,
  part shop.widget,
  during shop.text_range,
  raw bytea,
  tags text[]
) WITH (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE shop.items ALTER COLUMN note SET STORAGE EXTERNAL, ALTER COLUMN note SET STATISTICS 77,
  ALTER COLUMN raw SET COMPRESSION pglz, ALTER COLUMN kind SET (n_distinct = 5);
CREATE INDEX items_fine ON shop.items (share DESC NULLS LAST) INCLUDE (id) WHERE mood = 'fine';
CREATE INDEX items_words ON shop.items USING gin (to_tsvector('english', note));
CREATE INDEX items_sum ON shop.items ((kind + 1), mood);
ALTER INDEX shop.items_sum ALTER COLUMN 1 SET STATISTICS 33;
ALTER TABLE shop.items CLUSTER ON items_pkey;
ALTER TABLE shop.items REPLICA IDENTITY FULL;
CREATE STATISTICS shop.items_mood (dependencies, ndistinct) ON kind, mood FROM shop.items;
ALTER STATISTICS shop.items_mood SET STATISTICS 42;
CREATE TABLE shop.bookings (room int, during tstzrange, EXCLUDE USING gist (during WITH &&));
CREATE TABLE shop.typed OF shop.point3 (x WITH OPTIONS DEFAULT 0);
CREATE UNLOGGED TABLE shop.cache (key text PRIMARY KEY, value jsonb);
CREATE TABLE shop.again (id int) USING heap_again;
CREATE TABLE shop.parent (a int, b text, c int NOT NULL DEFAULT 3);
CREATE TABLE shop.child (c int NOT NULL, b text, a int, own text);
ALTER TABLE shop.child INHERIT shop.parent;
CREATE TABLE shop.altered (first text, gone int, last int);
ALTER TABLE shop.altered DROP COLUMN gone, ADD COLUMN gone text DEFAULT 'back';
CREATE TABLE shop.events (id bigserial, at date NOT NULL, what text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE shop.events_2024 PARTITION OF shop.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE shop.events_2025 (what text, at date NOT NULL, id bigint NOT NULL);
ALTER TABLE shop.events ATTACH PARTITION shop.events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE shop.events_rest PARTITION OF shop.events DEFAULT;
CREATE INDEX events_what ON shop.events (what);
CREATE TABLE shop.by_mood (mood shop.mood, n int) PARTITION BY HASH (mood);
CREATE TABLE shop.by_mood_0 PARTITION OF shop.by_mood FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE shop.by_mood_1 PARTITION OF shop.by_mood FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE "Odd ""Schema"."Odd; Table" ("a ""column""" int PRIMARY KEY, "it's" text, "select" text DEFAULT '\.');
CREATE TABLE shop.no_columns ();
CREATE TABLE shop.empty (id int PRIMARY KEY, what text);
COMMENT ON TABLE shop.empty IS E'line\n\\.\n-- Name: y; Type: TABLE';
COMMENT ON COLUMN shop.items.note IS 'free text';

-- Views, rules, triggers, policies.
CREATE VIEW shop.fine WITH (security_barrier) AS SELECT id, note FROM shop.items WHERE mood = 'fine' WITH LOCAL CHECK OPTION;
CREATE VIEW shop.coded AS SELECT id FROM shop.kinds WHERE code IN ('a', 'b, c', 'it''s [d]');
CREATE MATERIALIZED VIEW shop.totals AS SELECT kind, sum(share) AS share FROM shop.items GROUP BY kind;
CREATE UNIQUE INDEX totals_kind ON shop.totals (kind);
CREATE MATERIALIZED VIEW shop.later AS SELECT count(*) AS n FROM shop.items WITH NO DATA;
CREATE RULE no_delete AS ON DELETE TO shop.empty DO INSTEAD NOTHING;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OF note ON shop.items FOR EACH ROW WHEN (NEW.mood = 'fine') EXECUTE FUNCTION shop.guard();
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON shop.kinds DEFERRABLE FOR EACH ROW EXECUTE FUNCTION shop.guard();
ALTER TABLE shop.kinds DISABLE TRIGGER late;
CREATE EVENT TRIGGER on_ddl ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION shop.on_ddl();
ALTER TABLE shop.items ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "only, fine" ON shop.items AS RESTRICTIVE FOR SELECT TO keeper USING (mood = 'fine');
CREATE POLICY everything ON shop.items TO PUBLIC USING (true) WITH CHECK (note <> 'x');

-- Foreign data and replication. Nobody answers there.
CREATE FOREIGN DATA WRAPPER nowhere OPTIONS (debug 'true');
CREATE SERVER elsewhere TYPE 'none' VERSION '1' FOREIGN DATA WRAPPER nowhere OPTIONS (host 'db.invalid');
CREATE USER MAPPING FOR keeper SERVER elsewhere OPTIONS (user 'remote', password 'remote-secret');
CREATE FOREIGN TABLE shop.remote (id int OPTIONS (column_name 'remote_id') NOT NULL) SERVER elsewhere OPTIONS (table_name 'things');
CREATE PUBLICATION some_rows FOR TABLE shop.items (id, kind) WHERE (id > 5), shop.kinds WITH (publish = 'insert, update');
CREATE PUBLICATION of_schema FOR TABLES IN SCHEMA shop;
CREATE SUBSCRIPTION inbound CONNECTION 'host=db.invalid dbname=x password=inbound-secret' PUBLICATION p
  WITH (connect = false, slot_name = NONE, binary = true);

-- Rights and owners.
GRANT USAGE ON SCHEMA shop TO reader;
GRANT SELECT, UPDATE (note) ON shop.items TO reader;
GRANT SELECT ON shop.fine TO "Odd Role" WITH GRANT OPTION;
GRANT USAGE ON SEQUENCE shop.tickets TO reader;
GRANT USAGE ON LANGUAGE plshop TO reader;
GRANT USAGE ON FOREIGN SERVER elsewhere TO keeper;
GRANT USAGE ON FOREIGN DATA WRAPPER nowhere TO keeper;
GRANT USAGE ON TYPE shop.mood TO reader;
REVOKE EXECUTE ON FUNCTION shop.guard() FROM public;
REVOKE SELECT ON pg_catalog.pg_proc FROM public;
GRANT SELECT ON pg_catalog.pg_authid TO "Odd Role";
ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO reader;
ALTER DEFAULT PRIVILEGES FOR ROLE keeper REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER TABLE shop.empty OWNER TO keeper;
ALTER FUNCTION shop.add(int, int) OWNER TO keeper;

-- Rows.
INSERT INTO shop.kinds (name, code) VALUES ('Plain', 'a'), ('Odd', 'b, c'), ('Bare', NULL);
INSERT INTO shop.items (kind, mood, share, note, spot, part, during, raw, tags) VALUES
  (1, 'fine', 12.5, E'tab\tline\nfeed\rreturn\\backslash\b\f\v', '(1,2,"a, b")', 'cog', '[a,c)', '\x00ff0a5c2e', ARRAY['a,b', NULL, '{"}', '']),
  (2, 'it''s bad', NULL, E'\\.\n\\.\nCOPY x FROM stdin;\n\\N\n-- Name: x; Type: TABLE DATA', NULL, '', 'empty', NULL, '{}'),
  (1, 'so, so', 100, '\N', '(,,)', NULL, '(,)', '', NULL),
  (1, 'fine', 0, '', '(,,"")', 'it''s', NULL, '\x5c2e0a', NULL),
  (3, 'fine', 3, NULL, NULL, NULL, NULL, NULL, NULL),
  (3, 'fine', 3, repeat(E'\\.\n', 1000), NULL, NULL, NULL, NULL, NULL);
INSERT INTO shop.events (at, what) SELECT date '2023-12-01' + i, CASE i % 3 WHEN 0 THEN NULL ELSE E'event\t' || i END
  FROM generate_series(1, 900) AS i;
INSERT INTO shop.by_mood SELECT m, i FROM unnest(enum_range(NULL::shop.mood)) AS m, generate_series(1, 20) AS i;
INSERT INTO shop.parent VALUES (1, 'one', 1), (2, NULL, 2), (3, '', 3);
INSERT INTO shop.child VALUES (1, 'child', 7, 'x'), (2, NULL, 8, '');
INSERT INTO shop.altered VALUES ('first', 3, 'new'), (NULL, 4, DEFAULT);
INSERT INTO shop.typed VALUES (1, 2, 'three'), (NULL, NULL, NULL);
INSERT INTO shop.bookings VALUES (1, '[2024-01-01 00:00+00, 2024-01-02 00:00+00)');
INSERT INTO shop.cache VALUES ('k', '{"a": [1, null, "x"]}');
INSERT INTO shop.again VALUES (1), (NULL);
INSERT INTO "Odd ""Schema"."Odd; Table" VALUES (1, E'\\.', DEFAULT), (2, NULL, E'\n'), (-3, 'Țară 🜨', '');
SELECT nextval('shop.tickets'), nextval('shop.tickets'), nextval('shop.kinds_id_seq');
REFRESH MATERIALIZED VIEW shop.totals;
SELECT lo_from_bytea(70001, '\x0102030a5c'), lo_from_bytea(70002, '');
SELECT lo_put(70001, 5000, '\xff00');
GRANT SELECT ON LARGE OBJECT 70001 TO reader;
COMMENT ON LARGE OBJECT 70002 IS 'empty';
ALTER LARGE OBJECT 70002 OWNER TO keeper;
