/** What stores of several sizes are asked to do: one page, one token, one create. */
import { type BuiltService, withConnection } from './built-service.ts'
import { filteredList, tokenSet } from './comparison-works.ts'
import type { Work } from './contest.ts'
import type { FilledTenant } from './fill.ts'
import { newTokenBody } from './new-token.ts'
import { type Endpoint, getEach, getRequest, postEach } from './requests.ts'

/** A store of one size behind a service of its own. */
export interface Sized {
  readonly tokens: number
  readonly service: BuiltService
  /** At least one. */
  readonly callers: readonly Caller[]
}

export interface Caller {
  readonly endpoint: Endpoint
  readonly tenant: FilledTenant
}

/** So few creates of a round that the smallest store stays about as small as it was. */
const createsOfRound = 50
const largestPage = 999

export async function growthWorks(all: readonly Sized[], top: number): Promise<readonly Work[]> {
  const filtered = await Promise.all(all.map((sized) => filteredPath(sized, top)))
  const middle = top > 1 ? await Promise.all(all.map((sized) => pathOfMiddlePage(sized, top))) : []
  const pages = (name: string, pathOf: (sized: Sized) => string | undefined): Work[] =>
    all.every((sized) => pathOf(sized) !== undefined)
      ? [reads(name, all, ({ endpoint }, sized) => getEach(endpoint, [pathOf(sized) ?? '']))]
      : []
  return [
    reads('GET by id', all, ({ endpoint, tenant }) =>
      getEach(
        endpoint,
        tenant.tokenIds.map((id) => `${tokenSet}/${id}`),
      ),
    ),
    ...pages(`first page of ${top}`, () => `${tokenSet}?$top=${top}`),
    ...pages(`first page of ${top}, filtered`, (sized) => filtered[all.indexOf(sized)]),
    ...pages(`page of ${top} from the middle`, (sized) => middle[all.indexOf(sized)]),
    creates(all),
  ]
}

type RequestsOf = (caller: Caller, sized: Sized) => () => string

function reads(name: string, all: readonly Sized[], requestsOf: RequestsOf): Work {
  return { name, connections: 1, status: 200, contestants: contestants(all, requestsOf) }
}

function creates(all: readonly Sized[]): Work {
  let made = 0
  const body = () => newTokenBody(made++)
  const requestsOf: RequestsOf = ({ endpoint }) => postEach(endpoint, tokenSet, body)
  return {
    name: 'create',
    connections: 1,
    status: 201,
    most: createsOfRound,
    contestants: contestants(all, requestsOf),
  }
}

function contestants(all: readonly Sized[], requestsOf: RequestsOf): Work['contestants'] {
  return all.map((sized) => ({
    name: String(sized.tokens),
    server: sized.service,
    request: inTurn(sized.callers.map((caller) => requestsOf(caller, sized))),
  }))
}

/** One tenant after the other. */
function inTurn(requests: readonly (() => string)[]): () => string {
  let at = 0
  return () => requests[at++ % requests.length]?.() ?? ''
}

async function filteredPath({ service, callers }: Sized, top: number): Promise<string | undefined> {
  const [caller] = callers
  if (!caller) return undefined
  const { path, isFiltered } = await filteredList(service, caller.endpoint, top)
  return isFiltered ? path : undefined
}

/** Half way through the first tenant's tokens, as the links lead there. */
async function pathOfMiddlePage(
  { service, callers, tokens }: Sized,
  top: number,
): Promise<string | undefined> {
  const [caller] = callers
  if (!caller) return undefined
  const half = tokens / callers.length / 2
  const size = Math.min(largestPage, half)
  return withConnection(service, async (connection) => {
    let path = `${tokenSet}?$top=${size}`
    for (let passed = 0; passed < half; passed += size) {
      const { body } = await connection.ask(getRequest(caller.endpoint, path))
      const link: string = JSON.parse(body.toString('utf8'))['@odata.nextLink']
      path = link.slice(new URL(link).origin.length)
    }
    return path.replace(`$top=${size}`, `$top=${top}`)
  })
}
