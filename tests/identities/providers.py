"""Mutations about identity providers, and what they take."""

from typing import Any

PROBLEMS = "... on Rejected { problems { code path } }"
PROVIDER = """... on IdentityProvider {
  id version name slug issuer active clientId hasClientSecret scopes returnUrls subjectClaim groupsClaim linksByEmail
  emailDomains emailVerifiedClaim audience tokenSubjectClaim
  identities { nodes { id subject } }
  allowedActions { action allowed reason }
}"""
IDENTITY = "... on ExternalIdentity { id subject linkedAt provider { name } allowedActions { action allowed } }"

RETURN_TO = "https://front.example/signed-in"
API = "https://api.allround.test"


def _mutation(name: str, selection: str) -> str:
    return (
        f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ {selection} {PROBLEMS} }} }}"
    )


ADD = _mutation("addIdentityProvider", PROVIDER)
UPDATE = _mutation("updateIdentityProvider", PROVIDER)
REMOVE = _mutation("removeIdentityProvider", "... on RemovedIdentityProvider { id }")
LINK = _mutation("linkExternalIdentity", IDENTITY)
UNLINK = _mutation("unlinkExternalIdentity", "... on UnlinkedExternalIdentity { id }")
LIST = "{ identityProviders { id name clientId hasClientSecret identities { nodes { subject } } } }"


def provider(issuer: str = "https://login.example", **given: Any) -> dict[str, Any]:
    """An AddIdentityProviderInput for a confidential client; what is None is left out."""
    members = {
        "name": "Login",
        "slug": "login",
        "issuer": issuer,
        "clientId": "allround",
        "clientSecret": "s3cret: a+b/c%d",
        "returnUrls": [RETURN_TO],
        **given,
    }
    return {name: value for name, value in members.items() if value is not None}
