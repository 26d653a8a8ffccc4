/* SPDX-License-Identifier: Apache-2.0 */
/* Claims that were clawed back, which may have no place any more, by person: what reads the claims of a year person by person
   finds the others by their places. Nothing is entered when a claim is submitted. */

CREATE INDEX claim_clawed_back ON registry.claim (year, person_id) WHERE state = 11;
