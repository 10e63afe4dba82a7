-- All steps of one intent, settled ones too: for what goes with an ended intent, and for what a running one has done.
create index license_step_by_intent on license_step (intent_number, number);
