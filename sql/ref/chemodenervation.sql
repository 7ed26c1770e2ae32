/*---
table: ref.chemodenervation
grain: one row per procedure_code, valid_from
defaults: chemodenervation.csv
columns:
  procedure_code: {type: VARCHAR, is: "CPT code"}
  valid_from: {type: DATE, is: "first date of service on which the row holds"}
  valid_to: {type: DATE, is: "first date on which it no longer holds; empty while open"}
  role: {type: VARCHAR, is: "chemodenervation: 64611 to 64653; other: another procedure in which a toxin may be given"}
  area: {type: VARCHAR, is: "body area of the interval between injections: head, neck, larynx, salivary glands, limbs, trunk, axillae or other sweat glands; empty where no interval is judged"}
  minimum_days: {type: INTEGER, is: "days between injections of the area; empty where no interval is judged"}
  bilateral: {type: VARCHAR, is: "bilateral indicator of the fee schedule: 0 and 2 no modifier 50; 1 both sides at 150 percent; 3 each side in full; empty where it was not read"}
  citation: {type: VARCHAR, is: "source of the row: name and section"}
---
Procedures with botulinum toxin. The interval of 84 days is that of WPS L34635 and of L39831 and L39856 (12 weeks). Indicators hold for every date on which the code exists, unless a dated row says otherwise. The deleted codes 64613 and 64614
have no area: each covered more than one.
*/
