/*---
table: raw.synthea_claim_lines
grain: one charge of a Synthea claim as a canonical claim line, as text
reads: [raw.synthea_transactions, raw.synthea_claims]
columns: raw.claim_lines
---
Charges of professional claims; the claim's diagnoses and payer come from claims.csv of the same drop. Synthea writes SNOMED CT codes where
a claim has HCPCS and ICD-10-CM, and names no NPI, so that its lines become rejects with those reasons. The place of service is a key of its
own and is left out, and so are payments.
*/
select t.file_id as file_id,
  t.record_number as record_number,
  CLAIMID as claim_id,
  CHARGEID as line_number,
  cast(null as varchar) as claim_frequency,
  cast(null as varchar) as original_claim_id,
  PATIENTID as patient_id,
  c.payer as payer_id,
  cast(null as varchar) as billing_npi,
  cast(null as varchar) as rendering_npi,
  cast(null as varchar) as place_of_service,
  instant_day(FROMDATE) as service_date,
  instant_day(TODATE) as service_date_to,
  cast(null as varchar) as received_date,
  cast(null as varchar) as processed_date,
  PROCEDURECODE as procedure_code,
  MODIFIER1 as modifier_1,
  MODIFIER2 as modifier_2,
  cast(null as varchar) as modifier_3,
  cast(null as varchar) as modifier_4,
  UNITS as units,
  c.diagnoses[1] as diagnosis_1,
  c.diagnoses[2] as diagnosis_2,
  c.diagnoses[3] as diagnosis_3,
  c.diagnoses[4] as diagnosis_4,
  c.diagnoses[5] as diagnosis_5,
  c.diagnoses[6] as diagnosis_6,
  c.diagnoses[7] as diagnosis_7,
  c.diagnoses[8] as diagnosis_8,
  cast(null as varchar) as diagnosis_9,
  cast(null as varchar) as diagnosis_10,
  cast(null as varchar) as diagnosis_11,
  cast(null as varchar) as diagnosis_12,
  concat_ws(':', blank(DIAGNOSISREF1), blank(DIAGNOSISREF2), blank(DIAGNOSISREF3), blank(DIAGNOSISREF4)) as diagnosis_pointers,
  AMOUNT as charge_amount,
  cast(null as varchar) as allowed_amount,
  cast(null as varchar) as paid_amount,
  cast(null as varchar) as line_status,
  cast(null as varchar) as carc_codes,
  cast(null as varchar) as rarc_codes,
  cast(null as varchar) as ndc,
  cast(null as varchar) as ndc_quantity,
  cast(null as varchar) as ndc_unit,
  cast(null as varchar) as prior_authorization,
  cast(null as varchar) as clinic_id,
  cast(null as varchar) as state
from raw.synthea_transactions t
left join (
  select Id, min(PRIMARYPATIENTINSURANCEID) as payer, min(trim(HEALTHCARECLAIMTYPEID1)) as claim_type,
    min([DIAGNOSIS1, DIAGNOSIS2, DIAGNOSIS3, DIAGNOSIS4, DIAGNOSIS5, DIAGNOSIS6, DIAGNOSIS7, DIAGNOSIS8]) as diagnoses
  from raw.synthea_claims group by Id
) c on c.Id = t.CLAIMID
where trim(t.TYPE) = 'CHARGE' and c.claim_type is distinct from '2'
