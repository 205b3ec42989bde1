"""Who may see and change identity providers, and who is linked to them."""

from app.access.permissions import Permission
from docs.matrix.relations import HERE
from docs.matrix.rules import Change, Opening, Rows, Rules

READ = Opening(Permission.PROVIDERS_READ)
PROVIDER = Change(Permission.PROVIDERS_MANAGE, over="IdentityProvider")

RULES = Rules(
    types={
        "IdentityProvider": Rows(
            opens=(READ,),
            relations=HERE,
            fields="id name slug version createdAt issuer active clientId hasClientSecret scopes returnUrls "
            "subjectClaim groupsClaim linksByEmail emailDomains emailVerifiedClaim audience tokenSubjectClaim "
            "identities allowedActions",
        ),
        "ExternalIdentity": Rows(
            opens=(READ,), relations=HERE, fields="id subject linkedAt provider account allowedActions"
        ),
    },
    roots={"identityProviders": Permission.PROVIDERS_READ},
    changes={
        "addIdentityProvider": Change(Permission.PROVIDERS_MANAGE),
        "updateIdentityProvider": PROVIDER,
        "removeIdentityProvider": PROVIDER,
        "linkExternalIdentity": Change(Permission.PROVIDERS_MANAGE, over="IdentityProvider", by="providerId"),
        "unlinkExternalIdentity": Change(Permission.PROVIDERS_MANAGE, over="ExternalIdentity"),
        "redeemSignIn": Change(Permission.SESSIONS_OPEN),
    },
    carried={"RemovedIdentityProvider": "id", "UnlinkedExternalIdentity": "id"},
    names={"LinkExternalIdentityInput.accountId": "Account"},
)
