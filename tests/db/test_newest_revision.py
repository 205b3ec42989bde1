"""The newest migration is told by its file; Alembic, which takes long to load, has to agree."""

from alembic.config import Config
from alembic.script import ScriptDirectory

from app.db.migrate import MIGRATIONS, newest_revision


def test_the_last_file_is_the_revision_that_alembic_upgrades_to() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [newest_revision()]
