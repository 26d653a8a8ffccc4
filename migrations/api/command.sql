/* SPDX-License-Identifier: Apache-2.0 */
/* Which covered tables the installation commands may change; those of the methods are in helper.method_tables(), which
   is made from proto/methods.proto and asks here for the others. Read by the build, too, for who verifies the log
   (proto/gen_changes.awk): one command a line, however long. "*": all, and the schema's objects. */
CREATE FUNCTION helper.command_tables(in_method text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN CASE in_method
        WHEN 'migrate' THEN '{*}'
        WHEN 'reseal' THEN '{certificate,change,enrolment,human,lesson,name_conflict,operator,payee,person,person_document,person_group,person_version,snapshot_row,teacher}'
        WHEN 'schema.accept' THEN '{schema}'
        WHEN 'setup.occupations' THEN '{occupation,occupation_name}'
        WHEN 'setup.operator' THEN '{human,operator,operator_certificate}'
        WHEN 'setup.organisation' THEN '{organisation,organisation_version}'
        WHEN 'setup.scope' THEN '{organisation_scope}'
        ELSE '{}' END::text[];
END $$;
