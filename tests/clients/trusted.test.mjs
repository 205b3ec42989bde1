/** What was compiled into the folder OUT, asked of a server that executes nothing but those documents. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import test from 'node:test'
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { Client, fetchExchange } from '@urql/core'
import { persistedExchange } from '@urql/exchange-persisted'
import relay from 'relay-runtime'
import { headersOf, URL_OF_API } from './site.mjs'
import { recordedFetch } from './traffic.mjs'

const OUT = process.env.OUT
const compiled = createRequire(join(OUT, 'relay', 'team.js'))
const artifact = (name) => compiled(`./__generated__/${name}.graphql.js`)
const { GoalsDocument, OneGoalDocument, RenameDepartmentDocument } = await import(join(OUT, 'codegen', 'graphql.ts'))
const hashOf = (document) => document.__meta__.hash
const manifest = JSON.parse(readFileSync(join(OUT, 'manifests', 'relay.json'), 'utf8'))

const post = (role, body) =>
  fetch(URL_OF_API, {
    method: 'POST',
    headers: { ...headersOf(role), 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify(body),
  })

function relayOf(role) {
  const ask = async ({ id }, variables) => (await post(role, { documentId: id, variables })).json()
  return new relay.Environment({ network: relay.Network.create(ask), store: new relay.Store(new relay.RecordSource()) })
}

const asked = (environment, name, variables) => relay.fetchQuery(environment, artifact(name), variables).toPromise()

/** The connection as a component with the fragment would see it. */
function connection(environment) {
  const operation = relay.createOperationDescriptor(artifact('teamPageQuery'), {})
  const root = environment.lookup(operation.fragment).data
  return environment.lookup(relay.getSingularSelector(artifact('team_people'), root)).data.stakeholders
}

test('Relay fetches a page by the id of its document, and the next one into the same connection', async () => {
  const environment = relayOf('manager')
  environment.retain(relay.createOperationDescriptor(artifact('teamPageQuery'), {}))
  const { viewer } = await asked(environment, 'teamPageQuery', {})
  assert.ok(viewer.stakeholder.id)
  const { edges, pageInfo } = connection(environment)
  assert.equal(edges.length, 3)
  await asked(environment, 'teamPeopleQuery', { first: 2, after: pageInfo.endCursor })
  const ids = connection(environment).edges.map(({ node }) => node.id)
  assert.equal(new Set(ids).size, 5)
})

test('Relay fetches one node anew by its global id', async () => {
  const environment = relayOf('manager')
  await asked(environment, 'teamPageQuery', {})
  const { id } = connection(environment).edges[0].node
  const { node } = await asked(environment, 'teamPersonQuery', { id })
  const person = environment.lookup(relay.getSingularSelector(artifact('team_person'), node)).data
  assert.equal(person.id, id)
  assert.ok(person.name)
})

test('a mutation of Relay is answered by its union', async () => {
  const environment = relayOf('administrator')
  const created = await new Promise((resolve, reject) => {
    relay.commitMutation(environment, {
      mutation: artifact('teamCreateDepartmentMutation'),
      variables: { input: { name: `Department ${randomUUID()}` } },
      onCompleted: ({ createDepartment }, errors) => (errors ? reject(errors) : resolve(createDepartment)),
      onError: reject,
    })
  })
  assert.equal(created.__typename, 'Department')
})

function apolloOf(role) {
  const { fetch, traffic } = recordedFetch(role)
  const persisted = new PersistedQueryLink({ generateHash: hashOf })
  const link = persisted.concat(new HttpLink({ uri: URL_OF_API, fetch }))
  return { apollo: new ApolloClient({ cache: new InMemoryCache(), link }), traffic }
}

test('Apollo Client sends the hashes that GraphQL Code Generator embedded, and never a text', async () => {
  const { apollo, traffic } = apolloOf('manager')
  const { data } = await apollo.query({ query: GoalsDocument, variables: { first: 2 } })
  const [{ node }] = data.goals.edges
  const one = await apollo.query({ query: OneGoalDocument, variables: { id: node.id } })
  assert.equal(one.data.node.title, node.title)
  assert.deepEqual(traffic.map(({ body }) => 'query' in body), [false, false])
})

test('urql sends the hashes that GraphQL Code Generator embedded, for mutations as well', async () => {
  const { fetch, traffic } = recordedFetch('administrator')
  const exchange = persistedExchange({
    enforcePersistedQueries: true,
    enableForMutation: true,
    generateHash: async (_, document) => hashOf(document),
  })
  const urql = new Client({ url: URL_OF_API, fetch, exchanges: [exchange, fetchExchange] })
  const { data } = await urql.query(GoalsDocument, { first: 1 })
  assert.equal(data.goals.edges.length, 1)
  const renamed = await urql.mutation(RenameDepartmentDocument, { input: { id: 'nothing', name: 'Anything' } })
  assert.equal(renamed.error, undefined)
  assert.equal(renamed.data.renameDepartment.__typename, 'Rejected')
  assert.ok(traffic.every(({ body }) => !body?.query))
})

test('a GET by document id is answered with an ETag, and then with 304', async () => {
  const url = new URL(URL_OF_API)
  url.searchParams.set('documentId', hashOf(GoalsDocument))
  url.searchParams.set('variables', JSON.stringify({ first: 2 }))
  const headers = { ...headersOf('manager'), accept: 'application/graphql-response+json' }
  const first = await fetch(url, { headers })
  assert.equal(first.status, 200)
  assert.equal((await first.json()).data.goals.edges.length, 2)
  assert.match(first.headers.get('cache-control'), /private/)
  const etag = first.headers.get('etag')
  assert.ok(etag)
  const second = await fetch(url, { headers: { ...headers, 'if-none-match': etag } })
  assert.equal(second.status, 304)
})

test('every document of the manifest is known by its id', async () => {
  for (const documentId of Object.keys(manifest)) {
    const { errors } = await (await post('administrator', { documentId, variables: {} })).json()
    assert.ok(!errors?.some(({ extensions }) => extensions.code === 'DOCUMENT_NOT_TRUSTED'), JSON.stringify(errors))
  }
})

for (const [what, body] of Object.entries({
  'a text that is in no manifest': { query: 'query Other { viewer { roles } }' },
  'a document id that is in no manifest': { documentId: 'f'.repeat(64) },
  introspection: { query: '{ __schema { queryType { name } } }' },
})) {
  test(`${what} is refused`, async () => {
    const answer = await post('administrator', body)
    assert.equal(answer.status, 400)
    const told = await answer.json()
    assert.equal(told.errors[0].extensions.code, 'DOCUMENT_NOT_TRUSTED')
    assert.ok(!('data' in told))
  })
}
