/*---
table: ref.federal_holiday
grain: one row per day
defaults: federal_holiday.csv
columns:
  day: {type: DATE, is: "day on which federal offices are closed by law"}
  holiday: {type: VARCHAR, is: "the holiday, or whose observed day it is"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
The holidays of the law and the days on which they are observed, for filing deadlines that move to the next workday. The first and the last day of the set
are those of its row in ref.release. Days closed by executive order alone are not in it.
*/
