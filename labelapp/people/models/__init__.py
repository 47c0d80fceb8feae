"""Records of people; one model per file."""

from labelapp.people.models.api_token import ApiToken
from labelapp.people.models.audit_event import AuditEvent
from labelapp.people.models.failed_sign_in import FailedSignIn
from labelapp.people.models.pool import Pool, PoolMembership
from labelapp.people.models.role import Role
from labelapp.people.models.user import User

__all__ = ["ApiToken", "AuditEvent", "FailedSignIn", "Pool", "PoolMembership", "Role", "User"]
