// The certified OpenID provider on a free port of this machine, which it prints. What a test wants of it beyond the
// protocol is said to /test: who there is, whether it answers at all, and that it signs with a new key.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";

import { Provider } from "oidc-provider";

const CALLBACK = "http://allround.test/sign-in/callback";
const API = "https://api.allround.test";
const people = new Map();
let answers = true;
let provider;

function signingKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), use: "sig", kid: randomBytes(8).toString("hex") };
}

function started(issuer) {
  return new Provider(issuer, {
    jwks: { keys: [signingKey()] },
    cookies: { keys: ["only for tests"] },
    clients: [
      { client_id: "allround", client_secret: "s3cret: a+b/c%d", redirect_uris: [CALLBACK] },
      { client_id: "allround-public", redirect_uris: [CALLBACK], token_endpoint_auth_method: "none" },
      { client_id: "tool", redirect_uris: ["http://tool.test/back"], token_endpoint_auth_method: "none" },
    ],
    scopes: ["openid"],
    claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"], groups: ["groups"] },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({ scope: "use", audience: API, accessTokenFormat: "jwt" }),
        useGrantedResource: () => true,
      },
    },
    interactions: { url: (_, interaction) => `/login/${interaction.uid}` },
    findAccount: (_, id) => people.has(id) && { accountId: id, claims: () => ({ sub: id, ...people.get(id) }) },
    async loadExistingGrant(ctx) {
      const { client, session, provider: own } = ctx.oidc;
      const grant = new own.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope("openid profile email groups");
      grant.addResourceScope(API, "use");
      await grant.save();
      return grant;
    },
    ttl: { AccessToken: 3600, AuthorizationCode: 60, Grant: 3600, IdToken: 3600, Interaction: 600, Session: 3600 },
  });
}

async function body(request) {
  let text = "";
  for await (const part of request) text += part;
  return text;
}

async function login(request, response) {
  if (request.method === "GET") {
    response.setHeader("content-type", "text/html");
    response.end('<form method="post"><input name="login" autocomplete="username"><button>Sign in</button></form>');
    return;
  }
  const accountId = new URLSearchParams(await body(request)).get("login");
  const result = accountId ? { login: { accountId } } : { error: "access_denied", error_description: "Not today." };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const tests = {
  "/test/people": (told) => {
    for (const [sub, claims] of Object.entries(told)) people.set(sub, claims);
  },
  "/test/answers": (told) => {
    answers = told;
  },
  "/test/new-key": () => {
    provider = started(provider.issuer);
  },
};

const server = createServer(async (request, response) => {
  const asked = tests[request.url];
  if (asked) {
    asked(JSON.parse(await body(request)));
    response.end();
  } else if (!answers) {
    response.writeHead(503).end();
  } else if (request.url.startsWith("/login/")) {
    await login(request, response);
  } else {
    await provider.callback()(request, response);
  }
});

server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  provider = started(issuer);
  console.log(issuer);
});

// It goes with whoever started it, however that one ends.
process.stdin.resume().on("end", () => process.exit());
