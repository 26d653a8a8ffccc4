/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that the database's functions and the methods give each other, and that are in no message. Functions have the same names,
 * from here (migrations/gen_api.awk): a name a line, with its number. */
#ifndef MINGCE_REGISTRY_PART_H
#define MINGCE_REGISTRY_PART_H

/* Of which part of a claim's story a row is (helper.claim_parts). */
enum claim_part {
    CLAIM_PART_CLAIM = 0,
    CLAIM_PART_AMOUNT = 1,
    CLAIM_PART_STEP = 2,
    CLAIM_PART_FACT = 3,     /* what was asked of others */
    CLAIM_PART_OBSTACLE = 4, /* what stands in the way of approval */
    CLAIM_PARTS = 5,
};

/* Of which part of what is held about a person a row is (helper.person_parts). */
enum person_part {
    PERSON_PART_PERSON = 0,
    PERSON_PART_DOCUMENT = 1,
    PERSON_PART_VERSION = 2,
    PERSON_PART_GROUP = 3,
    PERSON_PART_ENROLMENT = 4,
    PERSON_PART_CERTIFICATE = 5,
    PERSON_PART_CLAIM = 6,
    PERSON_PARTS = 7,
};

/* Of which part of a replay's answer a row is (api.policy_replay). */
enum replay_part {
    REPLAY_PART_REQUEST = 0,
    REPLAY_PART_ROW = 1,        /* of the draft, refused */
    REPLAY_PART_WHOLE = 2,      /* all the page's claims */
    REPLAY_PART_LINE = 3,       /* their subsidies */
    REPLAY_PART_OCCUPATION = 4, /* their occupations */
    REPLAY_PART_REASON = 5,     /* why some would be refused */
};

/* How many claims of a human being may have a place in a year (B2). */
enum places {
    CLAIM_PLACES_A_YEAR = 3, /* registry.claim_place has no fourth */
};

/* What was proposed (helper.proposal). */
enum proposed {
    PROPOSED_STANDARD = 1,
    PROPOSED_POLICY = 2,
    PROPOSED_DAY = 3, /* of the calendar */
};

#endif
