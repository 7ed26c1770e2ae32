/*---
table: core.authorization_recorded
grain: one row per billing NPI with an authorization number on a line
reads: [core.claim_line]
columns:
  billing_npi: {type: VARCHAR, is: "billing NPI"}
---
Whose lines carry prior authorization numbers at all (ruling 4): on the other lines of such a billing NPI a blank says that there is none.
*/
select distinct billing_npi from core.claim_line where prior_authorization is not null
