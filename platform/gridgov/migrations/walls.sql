-- What must be true of every table: prints one line per fault, and nothing when the wall stands.
WITH tenant_tables AS (
  SELECT c.oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname = 'public' AND NOT c.relname = ANY (:shared)
  AND NOT c.relname LIKE '%\_version'
)
SELECT 'no forced row security', relname::text FROM pg_class
 WHERE oid IN (SELECT oid FROM tenant_tables) AND NOT (relrowsecurity AND relforcerowsecurity)
UNION ALL
SELECT 'no tenant_id', relname::text FROM tenant_tables t WHERE NOT EXISTS (
  SELECT FROM pg_attribute a
  WHERE a.attrelid = t.oid AND a.attname = 'tenant_id' AND a.attnotnull AND NOT a.attisdropped)
UNION ALL
SELECT 'no policy of the one form', relname::text FROM tenant_tables t WHERE NOT EXISTS (
  SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND p.polcmd = '*'
  AND pg_get_expr(p.polqual, p.polrelid) = '(tenant_id = sealed.gridgov_tenant())'
  AND pg_get_expr(p.polwithcheck, p.polrelid) = '(tenant_id = sealed.gridgov_tenant())')
UNION ALL
SELECT 'a policy too many', p.polname || ' on ' || t.relname FROM pg_policy p
 JOIN tenant_tables t ON t.oid = p.polrelid
 WHERE p.polname <> 'tenant' AND NOT (
   p.polname = 'region' AND p.polcmd = 'r'
   AND p.polroles = ARRAY['gridgov_province'::regrole::oid]
   AND pg_get_expr(p.polqual, p.polrelid) = '(tenant_id = ANY (sealed.gridgov_region()))')
UNION ALL
SELECT 'reference without the tenant', conname::text FROM pg_constraint k
 WHERE contype = 'f' AND conrelid IN (SELECT oid FROM tenant_tables) AND NOT EXISTS (
  SELECT FROM generate_subscripts(k.conkey, 1) i
  JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[i]
  JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[i]
  WHERE a.attname = 'tenant_id' AND b.attname = 'tenant_id')
UNION ALL
SELECT 'reference without an index', k.conname::text FROM pg_constraint k
 WHERE k.contype = 'f' AND k.conrelid IN (SELECT oid FROM tenant_tables) AND NOT EXISTS (
  SELECT FROM pg_index i WHERE i.indrelid = k.conrelid
  AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) LIKE '(%IS NOT NULL)')
  AND (i.indkey::int2[])[0:array_length(k.conkey, 1) - 1] = k.conkey)
UNION ALL
SELECT 'unique without the tenant', i.indexrelid::regclass::text FROM pg_index i
 WHERE i.indisunique AND i.indrelid IN (SELECT oid FROM tenant_tables) AND NOT EXISTS (
  SELECT FROM pg_attribute a
  WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) AND a.attname = 'tenant_id')
UNION ALL
SELECT 'index that row security switches off', i.indexrelid::regclass::text FROM pg_index i
 JOIN pg_class t ON t.oid = i.indrelid AND t.relrowsecurity
 CROSS JOIN LATERAL unnest(i.indclass) oc JOIN pg_opclass c ON c.oid = oc
 JOIN pg_amop ao ON ao.amopfamily = c.opcfamily AND ao.amoplefttype = c.opcintype
  AND ao.amoprighttype = c.opcintype AND ao.amoppurpose = 's'
 JOIN pg_operator o ON o.oid = ao.amopopr JOIN pg_proc p ON p.oid = o.oprcode
 WHERE NOT p.proleakproof GROUP BY 1, 2
UNION ALL
SELECT 'time without a zone', t.relname || '.' || a.attname FROM tenant_tables t
 JOIN pg_attribute a ON a.attrelid = t.oid WHERE a.atttypid = 'timestamp'::regtype
UNION ALL
SELECT 'role with power', rolname::text FROM pg_roles
 WHERE rolname IN ('gridgov_app', 'gridgov_province', 'gridgov_owner', 'gridgov_key')
 AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
UNION ALL
SELECT 'member of a stronger role', r.rolname::text FROM pg_auth_members m
 JOIN pg_roles a ON a.oid = m.member AND a.rolname IN ('gridgov_app', 'gridgov_province')
 JOIN pg_roles r ON r.oid = m.roleid
UNION ALL
SELECT 'grant too strong', t.relname::text FROM tenant_tables t
 WHERE has_table_privilege('gridgov_app', t.oid, 'TRUNCATE')
 OR has_table_privilege('gridgov_app', t.oid, 'REFERENCES')
 OR has_table_privilege('gridgov_app', t.oid, 'TRIGGER')
 OR has_table_privilege('gridgov_province', t.oid, 'INSERT')
 OR has_table_privilege('gridgov_province', t.oid, 'UPDATE')
 OR has_table_privilege('gridgov_province', t.oid, 'DELETE')
UNION ALL
SELECT 'history that can be changed', t.relname::text FROM tenant_tables t
 WHERE t.relname = ANY (:append_only)
 AND (has_table_privilege('gridgov_app', t.oid, 'UPDATE')
      OR has_table_privilege('gridgov_app', t.oid, 'DELETE'))
UNION ALL
SELECT 'view that hides its caller', c.oid::regclass::text FROM pg_class c
 JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('v', 'm') AND n.nspname = 'public'
UNION ALL
SELECT 'function that lends its power', p.oid::regprocedure::text FROM pg_proc p
 JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')
 AND (n.nspname <> 'sealed' OR p.proconfig IS NULL
      OR has_function_privilege('gridgov_app', p.oid, 'EXECUTE')
         AND p.proname <> 'gridgov_tenant')
UNION ALL
SELECT 'the key can be read', 'sealed.key'
 WHERE has_table_privilege('gridgov_app', 'sealed.key', 'SELECT')
 OR has_table_privilege('gridgov_province', 'sealed.key', 'SELECT');
