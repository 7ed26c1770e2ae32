/*---
table: mart.rejects
grain: one row per record and reason that could not be used
reads: [audit.reject]
columns:
  file_name: {type: VARCHAR, is: "file"}
  record_type: {type: VARCHAR, is: "record layout"}
  record_number: {type: BIGINT, is: "record in the file, the header not counted"}
  column_name: {type: VARCHAR, is: "column, as the source names it"}
  reason: {type: VARCHAR, is: "why"}
  remedy: {type: VARCHAR, is: "what helps"}
---
What could not be used and why. The records themselves stay in the database.
*/
select file_name, record_type, record_number, column_name, reason, remedy from audit.reject
