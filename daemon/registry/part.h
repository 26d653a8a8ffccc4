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

/* Of which part of what is shown of a class a row is (helper.class_parts). */
enum class_part {
    CLASS_PART_CLASS = 0,
    CLASS_PART_FILING = 1,
    CLASS_PART_STANDARD = 2, /* that will pay */
    CLASS_PART_OBSTACLE = 3, /* what stands in the way of filing, or of approval */
    CLASS_PARTS = 4,
};

/* Of which part of what is held about a person a row is (helper.person_account). */
enum person_part {
    PERSON_PART_PERSON = 0,
    PERSON_PART_DOCUMENT = 1,
    PERSON_PART_VERSION = 2,
    PERSON_PART_GROUP = 3,
    PERSON_PART_ENROLMENT = 4,
    PERSON_PART_CERTIFICATE = 5,
    PERSON_PART_CLAIM = 6,
    PERSON_PART_TEACHING = 7,
    PERSON_PART_HEAD = 8,
    PERSON_PART_EVIDENCE = 9, /* of employment */
    PERSON_PART_TRANCHE = 10,
    PERSON_PART_PAYMENT = 11,
    PERSON_PART_PAYEE = 12,
    PERSON_PART_REGISTER = 13,
    PERSON_PARTS = 14,
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

/* Which columns a row of a catalogue has (helper.catalogue_line): those of one of the messages in CatalogueRow. */
enum catalogue_part {
    CATALOGUE_PART_TRAINING = 1,
    CATALOGUE_PART_DEMAND = 2,
    CATALOGUE_PART_INSTITUTION = 3,
};

/* Of which part of a project's story a row is (api.project_show). */
enum project_part {
    PROJECT_PART_PROJECT = 0,
    PROJECT_PART_TIER = 1,
    PROJECT_PART_CLASS = 2,
    PROJECT_PART_DEDUCTION = 3,
    PROJECT_PART_RUN = 4,
    PROJECT_PART_STEP = 5,
    PROJECT_PART_LEDGER = 6,
    PROJECT_PARTS = 7,
};

/* How many steps of a project are shown at once. */
enum project_steps {
    PROJECT_STEPS_SHOWN = 200,
};

/* How many claims of a human being may have a place in a year (B2). */
enum places {
    CLAIM_PLACES_A_YEAR = 3, /* registry.claim_place has no fourth */
};

/* What was proposed (helper.proposal). */
enum proposed {
    PROPOSED_STANDARD = 1,
    PROPOSED_POLICY = 2,
    PROPOSED_DAY = 3,  /* of the calendar */
    PROPOSED_FUND = 4, /* money of the special account to be moved, or earmarked */
};

#endif
