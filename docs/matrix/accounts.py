"""Who may see and change accounts, what they were granted, and their keys."""

from app.access.permissions import Permission
from docs.matrix.relations import HERE, OF_ACCOUNTS, PEOPLE, Relation
from docs.matrix.rules import Change, Opening, Rows, Rules

READ = Opening(Permission.ACCOUNTS_READ)
LENDING = Opening(Permission.GRANTS_DELEGATE)
ACCOUNT = Change(Permission.ACCOUNTS_MANAGE, over="Account")
AT_ACCOUNT = Change(Permission.ACCOUNTS_MANAGE, over="Account", by="accountId")
GRANT = Change(Permission.GRANTS_MANAGE, over="Grant")
GRANTING = Change(Permission.GRANTS_MANAGE, over="Account", by="accountId")
KEY = Change(Permission.KEYS_MANAGE, over="ApiKey")
MINE = frozenset({Relation.SELF})

RULES = Rules(
    types={
        "Account": Rows(
            opens=(READ,),
            relations=PEOPLE | {Relation.ANOTHER_ACCOUNT},
            fields="id email externalId version createdAt closedAt stakeholder grants keys allowedActions",
        ),
        "Grant": Rows(
            opens=(READ,),
            relations=PEOPLE | OF_ACCOUNTS,
            aspects=("held", "lent"),
            fields="id role reach department isLimitedToSubjects subjects startsOn endsOn revokedAt holdsToday version "
            "createdAt account holder lentFrom lender delegations groupRole allowedActions",
        ),
        "GroupRole": Rows(
            opens=(READ,),
            relations=HERE,
            fields="id groupName provider role reach department lastsDays mappedBy version createdAt unmappedAt "
            "allowedActions",
        ),
        "ApiKey": Rows(
            opens=(Opening(Permission.KEYS_READ),),
            relations=PEOPLE | {Relation.ANOTHER_ACCOUNT},
            fields="id name account permissions networks version createdAt expiresAt previousUntil revokedAt usedAt "
            "usedFrom allowedActions",
        ),
        "Viewer": Rows(
            opens=(Opening(Permission.VIEWER_READ),),
            relations=MINE,
            fields="stakeholder roles account grants actsFor sessions security",
        ),
    },
    roots={
        "viewer": Permission.VIEWER_READ,
        "account": Permission.ACCOUNTS_READ,
        "accounts": Permission.ACCOUNTS_READ,
        "apiKeys": Permission.KEYS_READ,
        "groupRoles": Permission.ACCOUNTS_READ,
    },
    changes={
        "openAccount": Change(Permission.ACCOUNTS_MANAGE, over="Stakeholder", by="stakeholderId"),
        "inviteAccount": AT_ACCOUNT,
        "closeAccount": ACCOUNT,
        "reopenAccount": ACCOUNT,
        "changeAccountEmail": ACCOUNT,
        "endAccountSessions": AT_ACCOUNT,
        "removeAccountAuthenticator": AT_ACCOUNT,
        "grantRole": GRANTING,
        "grantRoleBatch": GRANTING,
        "revokeGrant": GRANT,
        "changeGrantEnd": GRANT,
        "delegateRole": Change(
            Permission.GRANTS_DELEGATE, over="Grant", by="grantId", where=(LENDING.to(Relation.SELF),)
        ),
        "endDelegation": Change(
            Permission.GRANTS_DELEGATE,
            over="Grant",
            where=(LENDING.to(Relation.SELF).of("lent"), LENDING.to(Relation.LENT)),
        ),
        "mapGroup": Change(Permission.GRANTS_MANAGE),
        "unmapGroup": Change(Permission.GRANTS_MANAGE, over="GroupRole"),
        "createApiKey": Change(Permission.KEYS_MANAGE, over="Account", by="accountId"),
        "rotateApiKey": KEY,
        "updateApiKey": KEY,
        "revokeApiKey": KEY,
    },
    carried={
        "GrantBatch": "applied rows",
        "GrantBatchRow": "grant problems",
        "KeyPermission": "permission reach",
        "ApiKeyMade": "key secret",
    },
    narrows={
        "Query.accounts": "filter",
        "Query.apiKeys": "filter",
        "Account.grants": "includeOver",
        "Grant.delegations": "includeOver",
        "Viewer.grants": "includeOver",
        "AccountsFilter": "stakeholderId role text includeClosed",
        "ApiKeysFilter": "accountId includeSpent",
    },
    names={
        "GrantRoleInput.departmentId": "Department",
        "GrantRoleInput.subjectIds": "Stakeholder",
        "DelegateRoleInput.toStakeholderId": "Stakeholder",
        "DelegateRoleInput.subjectIds": "Stakeholder",
        "MapGroupInput.providerId": "IdentityProvider",
        "MapGroupInput.departmentId": "Department",
    },
)
