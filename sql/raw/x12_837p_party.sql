/*---
table: raw.x12_837p_party
grain: one provider, payer or patient of professional claims in X12, once per way in which it is written
columns:
  file_id: {type: INTEGER, is: "file"}
  record_number: {type: BIGINT, is: "number of the party in the file"}
  role: {type: VARCHAR, is: "provider, payer or patient"}
  number: {type: VARCHAR, is: "NPI, payer or member number"}
  name: {type: VARCHAR, is: "name of a provider or payer"}
  code: {type: VARCHAR, is: "taxonomy (PRV03) of a provider, filing indicator (SBR09) of a payer"}
  dependent: {type: VARCHAR, is: "Y: the patient is a dependent under the subscriber's number"}
  last_name: {type: VARCHAR, is: "NM103 of the patient"}
  first_name: {type: VARCHAR, is: "NM104 of the patient"}
  birth_date: {type: VARCHAR, is: "DMG02 of the patient"}
  zip: {type: VARCHAR, is: "N403 of the patient"}
---
Who stands on the claims of raw.x12_837p. All text, exactly as read.
*/
