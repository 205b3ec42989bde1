"""The rules of all contexts together."""

from docs.matrix import access, accounts, audits, goals, identities, planner, privacy, stakeholders

RULES = planner.RULES.beside(
    stakeholders.RULES,
    goals.RULES,
    accounts.RULES,
    access.RULES,
    audits.RULES,
    identities.RULES,
    privacy.RULES,
)
