/** graphql-http's audit of GraphQL over HTTP: a test an item, as a caller who may introspect. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { serverAudits } from 'graphql-http'
import { headersOf, URL_OF_API } from './site.mjs'

const asAdministrator = (url, init = {}) => fetch(url, { ...init, headers: { ...init.headers, ...headersOf('administrator') } })

for (const audit of serverAudits({ url: URL_OF_API, fetchFn: asAdministrator })) {
  test(`${audit.id} ${audit.name}`, async () => {
    const { status, reason } = await audit.fn()
    assert.equal(status, 'ok', reason)
  })
}
