"""The shortcut audit: does a data set teach the expression, or the camera?"""

from duchenne.evaluation.audit.items import AuditSet
from duchenne.evaluation.audit.reading import read_audit_set
from duchenne.evaluation.audit.result import Audit, run_audit

__all__ = ["Audit", "AuditSet", "read_audit_set", "run_audit"]
