/* SPDX-License-Identifier: Apache-2.0 */
/* Which covered tables the requests of a method may change; none of those of any other: the installation commands here,
   the methods in api.request_tables(), which is made from proto/methods.proto. Read by the build, too, for who verifies
   the log (proto/gen_changes.awk): one method a line, however long. "*": all, and the schema's objects. */
CREATE FUNCTION api.method_tables(in_method text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN CASE in_method
        WHEN 'migrate' THEN '{*}'::text[]
        WHEN 'reseal' THEN '{certificate,change,enrolment,human,lesson,name_conflict,operator,person,person_document,person_group,person_version}'::text[]
        WHEN 'schema.accept' THEN '{schema}'::text[]
        WHEN 'setup.occupations' THEN '{occupation,occupation_name}'::text[]
        WHEN 'setup.operator' THEN '{human,operator,operator_certificate}'::text[]
        WHEN 'setup.organisation' THEN '{organisation,organisation_version}'::text[]
        WHEN 'setup.scope' THEN '{organisation_scope}'::text[]
        ELSE api.request_tables(in_method) END;
END $$;
