"""What people decided about findings: dispositions, their effect, and the ledger of possible overpayments.

The tables do the work (`mart.decision`, `mart.suppression_fault`, `mart.work`, `mart.overpayment_clock`, `mart.precision`); the modules
carry files in and out: `marts`, `worklist`, `intake`, `overpayments`.
"""
