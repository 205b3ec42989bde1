/** Reporter of node:test for the runner in Python: a line of JSON for each test that was run. */
export default async function* report(events) {
  for await (const { type, data } of events) {
    if (data?.nesting !== 0 || data.details?.type === 'suite') continue
    if (type === 'test:pass') yield line({ name: data.name, failure: null })
    if (type === 'test:fail') yield line({ name: data.name, failure: told(data.details.error) })
  }
}

const line = (test) => `${JSON.stringify(test)}\n`

function told(error) {
  const cause = error.cause ?? error
  return String(cause.stack ?? cause.message ?? cause).slice(0, 2000)
}
