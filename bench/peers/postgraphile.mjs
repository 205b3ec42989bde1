// PostGraphile as its users run it: the token is checked, and what it says is handed to PostgreSQL as settings.

import { createServer } from "node:http";

import jwt from "jsonwebtoken";
import pg from "pg";
import { postgraphile } from "postgraphile";
import { TYPES } from "postgraphile/@dataplan/pg";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { addPgTableCondition } from "postgraphile/utils";

const { ACTOR_SQL, DATABASE_URL, ISSUER, POOL_SIZE, PORT, PUBLIC_KEY } = process.env;
const KEPT_MILLISECONDS = 1000;
const ROLE = "allround_app";
const ROLES = ["EMPLOYEE", "MANAGER"];
const PEOPLE = { schemaName: "bench", tableName: "people" };

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(POOL_SIZE) });
const actors = new pg.Pool({ connectionString: DATABASE_URL, max: 1, options: `-c role=${ROLE}` });
const kept = new Map();

async function settingsOf(token) {
  const known = kept.get(token);
  if (known !== undefined && known.until > Date.now()) return known.settings;
  const claims = jwt.verify(token, PUBLIC_KEY, { algorithms: ["ES256"], issuer: ISSUER });
  const settings = await load(claims);
  kept.set(token, { settings, until: Date.now() + KEPT_MILLISECONDS });
  return settings;
}

async function load({ org: organization, sub: account, sid: session }) {
  const client = await actors.connect();
  try {
    await client.query("select set_config('app.organization', $1, false)", [organization]);
    const { rows } = await client.query({ name: "actor", text: ACTOR_SQL, values: [organization, account, session] });
    if (!rows[0]?.grants.some(({ role }) => ROLES.includes(role))) throw new Error("The views are not for that role.");
    return {
      role: ROLE,
      "app.organization": organization,
      "app.stakeholder": rows[0].stakeholder_id,
      "app.today": rows[0].day,
    };
  } finally {
    client.release();
  }
}

pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

const below = addPgTableCondition(
  PEOPLE,
  "below",
  (build) => ({ type: build.getInputTypeByName("UUID") }),
  (manager, { sql, sqlTableAlias, sqlValueWithCodec }) => sql`exists (
    select from public.reporting_lines line
    where line.report_id = ${sqlTableAlias}.id and line.manager_id = ${sqlValueWithCodec(manager, TYPES.uuid)}
      and line.depth > 0 and line.starts_on <= (select current_setting('app.today')::date)
      and line.ends_on > (select current_setting('app.today')::date)
  )`,
);

const within = addPgTableCondition(
  PEOPLE,
  "within",
  (build) => ({ type: build.getInputTypeByName("UUID") }),
  (department, { sql, sqlTableAlias, sqlValueWithCodec }) => sql`exists (
    select from public.department_lines line
    where line.descendant_id = ${sqlTableAlias}.department_id
      and line.ancestor_id = ${sqlValueWithCodec(department, TYPES.uuid)}
  )`,
);

const text = addPgTableCondition(
  PEOPLE,
  "text",
  (build) => ({ type: build.graphql.GraphQLString }),
  (words, { sql, sqlTableAlias, sqlValueWithCodec }) => sql`(
    strpos(lower(${sqlTableAlias}.name), lower(${sqlValueWithCodec(words, TYPES.text)})) > 0
    or strpos(lower(${sqlTableAlias}.email), lower(${sqlValueWithCodec(words, TYPES.text)})) > 0
  )`,
);

const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [below, within, text],
  pgServices: [makePgService({ schemas: ["bench"], pool })],
  gather: { installWatchFixtures: false },
  grafast: {
    explain: false,
    async context(request) {
      const header = request.node?.req.headers.authorization ?? "";
      return { pgSettings: await settingsOf(header.slice("Bearer ".length)) };
    },
  },
  grafserv: { graphiql: false, watch: false, websockets: false },
};

const api = postgraphile(preset);
await api.getSchema();
const server = createServer();
server.keepAliveTimeout = 60_000;
await api.createServ(grafserv).addTo(server);
server.listen(Number(PORT), "127.0.0.1");
