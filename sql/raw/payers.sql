/*---
table: raw.payers
grain: one payer, as text
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  payer_id: {type: VARCHAR, is: "payer", required: true}
  payer_name: {type: VARCHAR, is: "name"}
  payer_class: {type: VARCHAR, is: "class; blank = other"}
  units_method: {type: VARCHAR, is: "how minutes become units"}
  uses_ncci: {type: VARCHAR, is: "applies code pairs and unit limits"}
  uses_therapy_threshold: {type: VARCHAR, is: "has the annual threshold"}
  requires_discipline_modifier: {type: VARCHAR, is: "wants GP, GO or GN"}
  requires_assistant_modifier: {type: VARCHAR, is: "wants CQ or CO"}
  requires_certified_plan: {type: VARCHAR, is: "wants a certified plan"}
  bilateral_form: {type: VARCHAR, is: "how two sides are billed"}
  wants_97014: {type: VARCHAR, is: "wants 97014 instead of G0283"}
  timely_filing_days: {type: VARCHAR, is: "days to file"}
  mac: {type: VARCHAR, is: "Medicare contractor"}
  ncci_setting: {type: VARCHAR, is: "practitioner or hospital tables of code pairs and unit limits, or medicaid_ before either; blank = practitioner"}
  same_provider: {type: VARCHAR, is: "who is one provider for code pairs: rendering (with the billing NPI) or billing (whoever treated); blank = rendering"}
  requires_rehabilitative_modifier: {type: VARCHAR, is: "wants 96 or 97"}
---
The canonical layout of this record. All text, exactly as read.
*/
