"""The mutations about privacy."""

PROBLEMS = "... on Rejected { problems { code path message } }"
PERSON = """... on Stakeholder {
  id version name kind email locale joinedOn deactivatedOn externalId
  company { name } contactPoints { value } memberships { nodes { title startsOn endsOn manager { name } } }
}"""
DATA = "... on StakeholderData { stakeholder { id name } madeAt content }"
EXPORT = f"""mutation($input: ExportStakeholderDataInput!) {{
  exportStakeholderData(input: $input) {{ __typename {DATA} {PROBLEMS} }} }}"""
ERASE = f"""mutation($input: EraseStakeholderInput!) {{
  eraseStakeholder(input: $input) {{ __typename {PERSON} {PROBLEMS} }} }}"""
