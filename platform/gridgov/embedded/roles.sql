-- The roles of gridgov. Run once per PostgreSQL server by a superuser; harmless when repeated:
--   psql -X -v ON_ERROR_STOP=1 -f roles.sql postgres
-- Then give each role a password of its own (\password gridgov_owner, and so on).
-- The embedded PostgreSQL of the demo and the tests reads this very file.

SET client_min_messages = warning;

DO $$
DECLARE
  role text;
BEGIN
  FOREACH role IN ARRAY ARRAY[
    'gridgov_owner',    -- owns the tables and migrates them; row security is forced on it as well
    'gridgov_app',      -- web and worker: owns nothing, sees one tenant at a time
    'gridgov_province', -- the console above the counties: reads aggregates of its region
    'gridgov_key'       -- owns the key that seals the tenant's announcement; nobody logs in with it
  ] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
      EXECUTE format('CREATE ROLE %I', role);
    END IF;
    EXECUTE format(
      'ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', role);
  END LOOP;
END
$$;

-- A migration makes the seal's functions and hands them to the key's role.
GRANT gridgov_key TO gridgov_owner;
