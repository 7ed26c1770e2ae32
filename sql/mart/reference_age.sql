/*---
table: mart.reference_age
grain: one row per reference release
reads: [core.run, ref.release]
columns:
  release: {type: VARCHAR, is: "release"}
  publisher: {type: VARCHAR, is: "who publishes it"}
  published_on: {type: DATE, is: "when it was published"}
  valid_from: {type: DATE, is: "first service date it speaks of"}
  valid_to: {type: DATE, is: "first service date it no longer speaks of; null while open"}
  starter: {type: BOOLEAN, is: "a small starter table, not the full official release"}
  age_days: {type: BIGINT, is: "days from publication to the as-of date"}
  ends_before: {type: BOOLEAN, is: "its last service date lies before the end of the audited window"}
---
How old the reference data is, seen from the run and not from the clock.
*/
select release.release, release.publisher, release.published_on, release.valid_from, release.valid_to,
  coalesce(release.starter, false) as starter,
  date_diff('day', release.published_on, run.as_of) as age_days,
  coalesce(release.valid_to <= coalesce(run.window_to, run.as_of), false) as ends_before
from ref.release
cross join core.run
