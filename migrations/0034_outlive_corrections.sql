/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A number that was corrected leads to the places that claims had taken by then, as those of an erased record do: whoever comes with it
 * has them too (B2, B3).
 */
COMMENT ON TABLE registry.document_erased IS 'Documents of erased records that hold places of claims, or had several documents, and numbers that were corrected on a record with places (B2, B3); no personal data but the keyed index';
COMMENT ON COLUMN registry.document_erased.person_id IS 'The record that has the places';
