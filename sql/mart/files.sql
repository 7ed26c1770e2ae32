/*---
table: mart.files
grain: one row per file that the input names and step of its records; one row for a file that was not read
reads: [raw.file, audit.file_total]
columns:
  file_name: {type: VARCHAR, is: "file"}
  digest: {type: VARCHAR, is: "sha256 of the decompressed content; null = not recognised"}
  format: {type: VARCHAR, is: "reader that recognised it"}
  record_type: {type: VARCHAR, is: "record layout"}
  status: {type: VARCHAR, is: "read, repeated, skipped or not-recognised"}
  place: {type: INTEGER, is: "order of the steps"}
  step: {type: VARCHAR, is: "what became of the records; null where the file was not read"}
  records: {type: BIGINT, is: "records"}
  units: {type: "DECIMAL(38,3)", is: "claim lines: sum of units, where they are numbers"}
  charge_amount: {type: "DECIMAL(38,2)", is: "sum of charges, where they are amounts"}
  paid_amount: {type: "DECIMAL(38,2)", is: "sum of what was paid, where it is an amount"}
---
Files with their control totals, as files.csv lists them.
*/
select f.file_name, f.digest, f.format, f.record_type, f.status, t.place, t.step, case when t.file_id is null then f.records else t.records end as records,
  t.units, t.charge_amount, t.paid_amount
from raw.file f
left join audit.file_total t using (file_id)
