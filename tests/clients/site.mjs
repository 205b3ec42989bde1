/** The server that is asked, and who asks: handed over by the runner in the environment. */
export const URL_OF_API = process.env.ALLROUND_API
const TOKENS = JSON.parse(process.env.ALLROUND_TOKENS ?? '{}')

/** Headers of a caller: a role of the demonstration organization, or nobody. */
export const headersOf = (role) => (role ? { authorization: `Bearer ${TOKENS[role]}` } : {})
