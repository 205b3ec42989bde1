"""Every table, for the migrations and for whoever needs all of them."""

from sqlmodel import SQLModel

import app.access.models
import app.accounts.models
import app.audits.models
import app.db.models
import app.goals.models
import app.goals.template_models
import app.identities.models
import app.provisioning.models
import app.stakeholders.models  # noqa: F401 -- imported for their tables

METADATA = SQLModel.metadata
