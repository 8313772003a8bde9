-- One database for gridgov, after roles.sql, by a superuser; harmless when repeated:
--   psql -X -v ON_ERROR_STOP=1 -v name=gridgov -f database.sql postgres
-- The embedded PostgreSQL of the demo and the tests reads this very file.

SET client_min_messages = warning;

\if :{?template} \else \set template template0 \endif

SELECT format(
  'CREATE DATABASE %I OWNER gridgov_owner TEMPLATE %I ENCODING ''UTF8'' LOCALE ''C''',
  :'name', :'template')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec

REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO gridgov_app, gridgov_province, gridgov_key;

\connect :"name"
SET client_min_messages = warning;

ALTER SCHEMA public OWNER TO gridgov_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO gridgov_app, gridgov_province, gridgov_key;
