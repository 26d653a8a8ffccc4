/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person took of a year, or of an occupation and level, outlives an erasure (B2, B3): the places stay at the erased
 * record, and the keyed index of each of its documents leads there when the same document comes again. Nothing else does.
 */
CREATE INDEX document_person ON registry.document (person_id);

CREATE TABLE registry.document_erased (
    document_index bytea NOT NULL CHECK (octet_length(document_index) = 32),
    person_id uuid NOT NULL,
    salt bytea NOT NULL DEFAULT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()),
    PRIMARY KEY (document_index, person_id)
);
CREATE INDEX document_erased_person ON registry.document_erased (person_id);
COMMENT ON TABLE registry.document_erased IS 'Documents of erased records that hold places of claims, or had several documents (B2, B3); no personal data but the keyed index';
COMMENT ON COLUMN registry.document_erased.document_index IS 'As registry.document had it';
COMMENT ON COLUMN registry.document_erased.person_id IS 'The erased record that has the places';
COMMENT ON COLUMN registry.document_erased.salt IS 'Random bytes, for the log''s word for this row';
CALL audit.cover(40::int2, 'document_erased', 'sha256(salt || document_index)', 'person_id');
