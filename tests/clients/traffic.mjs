/** A fetch that asks as a role and remembers what was sent and what came back. */
import { headersOf } from './site.mjs'

export function recordedFetch(role) {
  const traffic = []
  const recorded = async (url, init = {}) => {
    const headers = new Headers(init.headers)
    for (const [name, value] of Object.entries(headersOf(role))) headers.set(name, value)
    const response = await fetch(url, { ...init, headers })
    traffic.push({
      method: init.method ?? 'GET',
      accept: headers.get('accept'),
      url: new URL(url),
      body: init.body ? JSON.parse(init.body) : null,
      status: response.status,
      contentType: response.headers.get('content-type'),
    })
    return response
  }
  return { fetch: recorded, traffic }
}
