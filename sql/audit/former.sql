/*---
table: audit.former
grain: one row per finding that a run before this one spoke of
reads: [audit.observation, audit.run, core.run]
columns:
  run_key: {type: VARCHAR, is: "the last of the runs before this one that spoke of it"}
  finding_id: {type: VARCHAR, is: "finding"}
  state: {type: VARCHAR, is: "what it said of the finding"}
  digest: {type: VARCHAR, is: "the digest that it recorded"}
---
What was last said of each finding before this run. Runs before this one are those whose as-of date and key are below its own.
*/
select o.run_key, o.finding_id, o.state, o.digest
from audit.observation o join audit.run p using (run_key) cross join core.run r
where (p.as_of, p.run_key) < (r.as_of, r.run_key)
qualify row_number() over (partition by o.finding_id order by p.as_of desc, p.run_key desc) = 1
