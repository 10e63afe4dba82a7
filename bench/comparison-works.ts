/** What service and floor are asked to do. */
import { type BuiltService, withConnection } from './built-service.ts'
import type { Server, Work } from './contest.ts'
import type { FilledTenant } from './fill.ts'
import { floorId, floorRowCount, pageSize } from './floor-store.ts'
import { newTokenBody } from './new-token.ts'
import { type Endpoint, getEach, getRequest, postEach } from './requests.ts'

export interface Endpoints {
  readonly floor: Server
  readonly service: BuiltService
  /** Of the service, with an access token of the tenant. */
  readonly endpoint: Endpoint
  readonly tenant: FilledTenant
}

export const tokenSet = '/v1.0/deviceAppManagement/vppTokens'
const filter = "$filter=state%20eq%20'valid'"
const readers = 16

export function getWork({ floor, service, endpoint, tenant }: Endpoints): Work {
  const floorPaths = Array.from(
    { length: floorRowCount },
    (_, number) => `/tokens/${floorId(number)}`,
  )
  const paths = tenant.tokenIds.map((id) => `${tokenSet}/${id}`)
  return {
    name: `GET by id, ${readers} connections`,
    connections: readers,
    status: 200,
    contestants: [
      { name: 'floor', server: floor, request: getEach(floor, floorPaths) },
      { name: 'Pomona', server: service, request: getEach(endpoint, paths) },
    ],
  }
}

export async function listWork({ floor, service, endpoint }: Endpoints): Promise<Work> {
  const { path, isFiltered } = await filteredList(service, endpoint, pageSize)
  const remark = isFiltered ? filter.replaceAll('%20', ' ') : 'WITHOUT the filter: not served yet'
  return {
    name: `list $top=${pageSize}, ${remark}, ${readers} connections`,
    connections: readers,
    status: 200,
    contestants: [
      { name: 'floor (filtered)', server: floor, request: getEach(floor, ['/tokens']) },
      { name: 'Pomona', server: service, request: getEach(endpoint, [path]) },
    ],
  }
}

export function createWork(connections: number): (endpoints: Endpoints) => Work {
  return ({ floor, service, endpoint }) => {
    let made = 0
    const body = () => newTokenBody(made++)
    return {
      name: `create, ${connections} connection${connections === 1 ? '' : 's'}`,
      connections,
      status: 201,
      contestants: [
        { name: 'floor, a commit each', server: floor, request: postEach(floor, '/tokens', body) },
        { name: 'floor, shared commits', server: floor, request: postEach(floor, '/shared', body) },
        { name: 'Pomona', server: service, request: postEach(endpoint, tokenSet, body) },
      ],
    }
  }
}

/** The list with `$filter`, or without it while the service answers that it does not serve it yet. */
export async function filteredList(
  service: Server,
  endpoint: Endpoint,
  top: number,
): Promise<{ readonly path: string; readonly isFiltered: boolean }> {
  const path = `${tokenSet}?${filter}&$top=${top}`
  const { status } = await withConnection(service, (connection) =>
    connection.ask(getRequest(endpoint, path)),
  )
  if (status === 501) return { path: `${tokenSet}?$top=${top}`, isFiltered: false }
  return { path, isFiltered: true }
}
